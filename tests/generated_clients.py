"""Generates clients from OpenAPI, type checks them and calls every operation with them.

    python tests/generated_clients.py PROGRAMS                   # openapi-python-client
    python tests/generated_clients.py PROGRAMS --node FOLDER     # all of them, and the linters

PROGRAMS is the `bin` of an environment with tests/clients/requirements.txt (or
requirements-long.txt), FOLDER one in which tests/clients/package.json is installed. The service
runs on the packaged seed and a data folder of its own. Ends at the first client that fails, and
when one has not called every operation.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.packaged_service import serving_the_packaged_seed

CLIENTS = Path(__file__).resolve().parent / "clients"
ARGUMENTS = CLIENTS / "arguments.json"
PACKAGE = "graphsvc_client"

_TYPESCRIPT = (
    *("--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"),
    *("--lib", "es2022,dom", "--types", "node"),
)


@dataclass(frozen=True)
class Workplace:
    """What clients are made from and with, and where."""

    url: str
    folder: Path
    programs: Path
    node: Path | None

    @property
    def description(self) -> Path:
        """The OpenAPI description as the service gives it."""
        return self.folder / "openapi.json"

    @property
    def operations(self) -> set[str]:
        """The ids of all operations."""
        paths = json.loads(self.description.read_text("utf-8"))["paths"]
        return {one["operationId"] for methods in paths.values() for one in methods.values()}

    def run(
        self, program: str | Path, *arguments: str | Path, python_path: Path | None = None
    ) -> str:
        """What a program prints; it has to end well."""
        path = os.pathsep.join([str(self.programs), os.environ["PATH"]])
        imports = "MYPYPATH" if program == "mypy" else "PYTHONPATH"
        own = {} if python_path is None else {imports: str(python_path)}
        ended = subprocess.run(
            [self.programs / program if isinstance(program, str) else program, *arguments],
            env={**os.environ, "PATH": path, **own},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise SystemExit(f"{program} ended with {ended.returncode}:\n{ended.stdout[-8000:]}")
        return ended.stdout

    def node_program(self, name: str) -> Path:
        """A program of the packages for Node."""
        assert self.node is not None
        return self.node / "node_modules" / ".bin" / name


def openapi_python_client(at: Workplace) -> str:
    """Made, checked by mypy and called."""
    made = at.folder / "openapi-python-client"
    told = at.run(
        "openapi-python-client",
        *("generate", "--path", at.description, "--meta", "none"),
        *("--output-path", made / PACKAGE),
        *("--config", CLIENTS / "openapi-python-client.yaml"),
    )
    if "Unable to" in told or "warning" in told.lower():
        raise SystemExit(f"openapi-python-client left something out:\n{told}")
    at.run("mypy", made / PACKAGE)
    return _called(at, made, "call_openapi_python_client.py")


def openapi_generator_python(at: Workplace) -> str:
    """Made, checked by mypy and called."""
    made = at.folder / "openapi-generator-python"
    _generate(at, "python", made, "--package-name", PACKAGE)
    at.run("mypy", made / PACKAGE)
    return _called(at, made, "call_openapi_generator.py")


def _called(at: Workplace, made: Path, caller: str) -> str:
    at.run("mypy", CLIENTS / caller, python_path=made)
    return at.run("python", CLIENTS / caller, at.url, ARGUMENTS, python_path=made)


def _generate(at: Workplace, generator: str, made: Path, *options: str) -> None:
    at.run(
        "openapi-generator-cli",
        *("generate", "-i", at.description, "-g", generator, "-o", made, *options),
    )


def openapi_generator_typescript(at: Workplace) -> str:
    """Made, checked by tsc and called."""
    made = _typescript_folder(at, "typescript-fetch")
    _generate(
        at, "typescript-fetch", made / "client", "--additional-properties=importFileExtension=.js"
    )
    return _compiled_and_called(at, made, "call_typescript_fetch")


def openapi_typescript(at: Workplace) -> str:
    """Types made, checked by tsc, and every operation called through openapi-fetch."""
    made = _typescript_folder(at, "openapi-typescript")
    at.run(
        at.node_program("openapi-typescript"),
        *(at.description, "-o", made / "schema.ts", "--default-non-nullable=false"),
    )
    return _compiled_and_called(at, made, "call_openapi_typescript", at.description)


def _typescript_folder(at: Workplace, name: str) -> Path:
    assert at.node is not None
    made = at.folder / name
    made.mkdir()
    (made / "node_modules").symlink_to(at.node / "node_modules")
    (made / "package.json").write_text('{"type": "module"}\n', "utf-8")
    return made


def _compiled_and_called(at: Workplace, made: Path, caller: str, *more: Path) -> str:
    source = made / f"{caller}.ts"
    source.write_text((CLIENTS / source.name).read_text("utf-8"), "utf-8")
    types = made / "node_modules" / "@types"
    at.run(at.node_program("tsc"), *_TYPESCRIPT, "--typeRoots", types, source)
    return at.run(Path("node"), made / f"{caller}.js", at.url, ARGUMENTS, *more)


def lint(at: Workplace) -> None:
    """Redocly's recommended rules and Spectral's for OpenAPI, without a warning."""
    at.run(at.node_program("redocly"), "lint", at.description, "--max-problems", "100")
    rules = at.folder / ".spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n', "utf-8")
    at.run(
        at.node_program("spectral"),
        *("lint", at.description, "--ruleset", rules, "--fail-severity", "hint"),
    )


def main() -> None:
    """Serve, generate, check, call."""
    parser = argparse.ArgumentParser(description="generated clients against the service")
    parser.add_argument("programs", type=Path, help="bin of an environment with the generators")
    parser.add_argument(
        "--node", type=Path, help="folder with tests/clients/package.json installed"
    )
    given = parser.parse_args()
    clients = [openapi_python_client]
    if given.node is not None:
        clients += [openapi_generator_python, openapi_generator_typescript, openapi_typescript]
    with (
        serving_the_packaged_seed() as url,
        tempfile.TemporaryDirectory(prefix="graphsvc-generated-") as folder,
    ):
        node = None if given.node is None else given.node.resolve()
        at = Workplace(url, Path(folder), given.programs.resolve(), node)
        # The kinds and types are in it as soon as anything was asked for.
        urllib.request.urlopen(f"{url}/v1/vocabulary").close()
        urllib.request.urlretrieve(f"{url}/openapi.json", at.description)
        if node is not None:
            lint(at)
        for client in clients:
            called = set(client(at).split())
            if called != at.operations:
                missing = sorted(called ^ at.operations)
                raise SystemExit(f"{client.__name__} did not call {', '.join(missing)}.")
            sys.stdout.write(f"{client.__name__}: {len(called)} operations called\n")


if __name__ == "__main__":
    main()
