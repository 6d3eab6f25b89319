"""Every option that names a file, by what may stand under that name."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import typer

from graphsvc import files
from graphsvc.cli.program import app
from tests.cli.conftest import HARBOR, Run
from tests.read_only import without_rights

pytestmark = [pytest.mark.usefixtures("harbor"), pytest.mark.embedded_only]

WRITING = {
    "export file": ("export", "{}", "--format", "json"),
    "dump file": ("dump", "{}"),
    "analyze output": ("analyze", "degree", "--format", "csv", "--output", "{}"),
    "plot file": ("plot", "ranks", "{}", "--metric", "degree"),
}
READING = {
    "restore file": ("restore", "{}"),
    "analyze verify": ("analyze", "--verify", "{}"),
    "seed anchor article": ("seed", "anchor", "--article", "{}", "--quote", "words"),
}
FOLDERS = {"init folder", "seed check articles"}
"""A `--seed` names a folder too; its files are in the table of `seed format`."""


def with_file(command: tuple[str, ...], file: Path | str) -> tuple[str, ...]:
    return tuple(part.format(file) for part in command)


def file_options(command: Any, name: str = "") -> set[str]:
    """`command option` for every option whose value is a path, or is said to be a file."""
    types = get_type_hints(command.callback) if command.callback else {}
    found = {
        f"{name} {option.name}".strip()
        for option in command.params
        if types.get(option.name) in (Path, Path | None)
        or option.metavar in ("FILE", "DIR")
        or (getattr(option, "help", None) or "").startswith("A file")
    }
    for word, inner in getattr(command, "commands", {}).items():
        found |= file_options(inner, f"{name} {word}".strip())
    return found


def test_the_tables_here_name_every_option_of_the_command_line_that_is_a_file() -> None:
    found = file_options(typer.main.get_command(app))

    seeds = {option for option in found if option.endswith(" seed")}
    assert found - seeds == {*WRITING, *READING, *FOLDERS}


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A picture's format is its file's ending."""
    return "made.svg" if "plot" in request.node.name else "made"


@pytest.fixture(scope="module")
def _written_once() -> dict[tuple[str, ...], bytes]:
    return {}


@pytest.fixture
def wanted(
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    command: tuple[str, ...],
    name: str,
    _written_once: dict[tuple[str, ...], bytes],
) -> bytes:
    """What the command writes into a file that is nothing special."""
    if command not in _written_once:
        file = tmp_path_factory.mktemp("aside") / name
        result = run(*with_file(command, file))
        assert result.exit_code == 0, result.stderr
        _written_once[command] = file.read_bytes()
    return _written_once[command]


def a_link(there: Path, named: Path) -> None:
    there.write_bytes(b"old")
    named.symlink_to(there.name)


def a_dangling_link(there: Path, named: Path) -> None:
    named.symlink_to(there.name)


def a_link_to_a_link(there: Path, named: Path) -> None:
    there.write_bytes(b"old")
    between = there.parent / "between"
    between.symlink_to(there)
    named.symlink_to(between.name)


def a_link_to_a_file_in_a_linked_folder(there: Path, named: Path) -> None:
    there.write_bytes(b"old")
    (there.parent / "folder").symlink_to(".")
    named.symlink_to(f"folder/{there.name}")


def a_private_file(there: Path, named: Path) -> None:
    there.write_bytes(b"old")
    there.chmod(0o600)
    named.symlink_to(there)


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize(
    "made",
    [
        a_link,
        a_dangling_link,
        a_link_to_a_link,
        a_link_to_a_file_in_a_linked_folder,
        a_private_file,
    ],
)
def test_what_a_link_leads_to_is_written_and_the_link_stays(
    run: Run,
    tmp_path: Path,
    name: str,
    command: tuple[str, ...],
    wanted: bytes,
    made: Callable[[Path, Path], None],
) -> None:
    there, named = tmp_path / "there", tmp_path / name
    made(there, named)
    before = {path.name for path in tmp_path.iterdir()} | {"there"}
    mode = there.stat().st_mode if there.exists() else None

    result = run(*with_file(command, named))

    assert result.exit_code == 0, result.stderr
    assert named.is_symlink()
    assert there.read_bytes() == wanted
    assert mode is None or there.stat().st_mode == mode
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_another_name_of_a_file_keeps_what_was_there(
    run: Run, tmp_path: Path, name: str, command: tuple[str, ...], wanted: bytes
) -> None:
    (tmp_path / "other").write_bytes(b"old")
    (tmp_path / name).hardlink_to(tmp_path / "other")

    assert run(*with_file(command, tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_bytes() == wanted
    assert (tmp_path / "other").read_bytes() == b"old"


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_the_reader_of_a_fifo_gets_everything(
    run: Run, tmp_path: Path, name: str, command: tuple[str, ...], wanted: bytes
) -> None:
    fifo = tmp_path / name
    os.mkfifo(fifo)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    reader.start()

    result = run(*with_file(command, fifo))
    reader.join(30)

    assert result.exit_code == 0, result.stderr
    assert got == [wanted]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.parametrize(
    "command", [*WRITING.values(), *READING.values()], ids=[*WRITING, *READING]
)
def test_a_fifo_without_another_end_is_an_error_after_a_while(
    run: Run,
    tmp_path: Path,
    name: str,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "OTHER_END_S", 0.2)
    os.mkfifo(tmp_path / name)

    result = run(*with_file(command, tmp_path / name))

    assert result.exit_code in (4, 5), result.output
    assert "this FIFO" in result.stderr or "There is no article" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize(
    ("device", "exit_code"), [("/dev/null", 0), ("/dev/full", 5), ("/dev/zero", 0)]
)
def test_a_device_is_written_to_and_stays_one(
    run: Run, tmp_path: Path, name: str, command: tuple[str, ...], device: str, exit_code: int
) -> None:
    (tmp_path / name).symlink_to(device)

    result = run(*with_file(command, tmp_path / name))

    assert result.exit_code == exit_code, result.stderr
    said = (
        "No space left" in result.stderr,
        any(word in result.stderr for word in ("was exported", "dumped", "was written")),
    )
    assert exit_code == 0 or said == (True, False)
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert (tmp_path / name).is_symlink()


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_stdout_by_its_name_is_written_on_from_where_it_stands(
    run: Run,
    environment: dict[str, str],
    tmp_path: Path,
    name: str,
    command: tuple[str, ...],
    wanted: bytes,
) -> None:
    (tmp_path / name).symlink_to("/dev/stdout")
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    arguments = [sys.executable, "-m", "graphsvc", *with_file(command, tmp_path / name)]

    piped = subprocess.run(arguments, env=environment, capture_output=True, check=True)
    with log.open("ab") as out:
        subprocess.run(arguments, env=environment, stdout=out, stderr=subprocess.PIPE, check=True)

    assert piped.stdout == wanted
    assert log.read_bytes() == b"before\n" + wanted


@pytest.mark.parametrize(
    "command",
    [WRITING["export file"], WRITING["dump file"], ("analyze", "degree"), ("facts",)],
    ids=["export", "dump", "analyze", "facts"],
)
def test_a_full_disk_under_stdout_is_an_error(
    environment: dict[str, str], command: tuple[str, ...]
) -> None:
    arguments = [sys.executable, "-m", "graphsvc", *with_file(command, "-")]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            arguments, env=environment, stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert result.returncode == 1
    assert "stdout cannot be written: No space left on device." in result.stderr
    assert "This should not happen" not in result.stderr
    assert "exported" not in result.stderr
    assert "dumped" not in result.stderr


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_what_cannot_be_written_leaves_everything_as_it_was(
    run: Run, tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / name).symlink_to(name)
    for file, why in (
        (folder, "Is a directory"),
        (tmp_path / "loop" / name, "Too many levels of symbolic links"),
        (tmp_path / "absent" / name, "No such file or directory"),
    ):
        result = run(*with_file(command, file))
        assert result.exit_code == 5, result.stderr
        assert f"{file} cannot be written: {why}." in result.stderr
    assert {path.name for path in tmp_path.rglob("*")} == {name, "loop"}


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_a_folder_that_cannot_be_written_keeps_its_file(
    environment: dict[str, str], tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    file = tmp_path / name
    file.write_bytes(b"old")
    tmp_path.chmod(0o555)
    arguments = [*without_rights(), sys.executable, "-m", "graphsvc", *with_file(command, file)]

    result = subprocess.run(arguments, env=environment, capture_output=True, text=True)

    tmp_path.chmod(0o755)
    assert result.returncode == 5, result.stderr
    assert f"{file} cannot be written: Permission denied." in result.stderr
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("command", READING.values(), ids=READING)
@pytest.mark.parametrize("file", ["/dev/null", "/dev/zero", "/", "/absent"])
def test_what_is_no_file_to_read_is_a_clear_error(
    run: Run, command: tuple[str, ...], file: str
) -> None:
    result = run(*with_file(command, file))

    assert result.exit_code in (4, 5), result.output
    assert "should not happen" not in result.stderr


def test_seed_format_writes_what_links_in_the_seed_lead_to(run: Run, tmp_path: Path) -> None:
    seed = tmp_path / "seed"
    shutil.copytree(HARBOR, seed)
    named = seed / "documents.yaml"
    there = named.rename(seed / "articles" / "documents")
    named.symlink_to("articles/documents")
    formatted = there.read_bytes()
    there.write_bytes(formatted + b"\n\n")

    result = run("seed", "format", "--seed", str(seed))

    assert result.exit_code == 0, result.stderr
    assert named.is_symlink()
    assert there.read_bytes() == formatted


@pytest.mark.parametrize("made", ["fifo", "/dev/zero", "folder", "large"])
@pytest.mark.parametrize(
    ("variable", "inner"),
    [("GRAPHSVC_PASSWORD_FILE", ""), ("GRAPHSVC_QUERIES_DIR", "own.cypher")],
)
def test_a_file_of_a_setting_is_a_regular_one_of_a_bounded_size(
    run: Run, tmp_path: Path, variable: str, inner: str, made: str
) -> None:
    file = tmp_path / (inner or "password")
    if made == "fifo":
        os.mkfifo(file)
    elif made == "folder":
        file.mkdir()
    elif made == "large":
        file.write_bytes(b"x" * (2**20 + 1))
    else:
        file.symlink_to(made)
    value = str(tmp_path if inner else file)
    uri = {} if inner else {"GRAPHSVC_URI": "bolt://127.0.0.1:1"}

    result = run("query", "safe_sum", env={variable: value, **uri})

    assert result.exit_code != 0
    assert f"{file} cannot be read" in result.stderr
    assert any(
        why in result.stderr for why in ("no regular file", "Is a directory", "larger than")
    ), result.stderr
