"""The database process: ArcadeDB in a Java machine, serving Bolt on one loopback port.

Started by the supervisor as `python -m graphsvc.store.engine.database`. One JSON line on
stdin tells it what to do (`Order`); one JSON line on stdout tells how it went. Then it serves
until `stop` comes on stdin, or stdin ends because the supervisor is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from graphsvc.errors import GraphsvcError
from graphsvc.store.engine.accounts import write_accounts
from graphsvc.store.engine.folder import DATABASE, DataFolder, Passwords
from graphsvc.store.engine.protocol import Order


def main() -> None:
    """Serve until told to stop or left alone."""
    answers = _own_stdout()
    order = Order(**json.loads(sys.stdin.readline()))
    stop = threading.Event()
    threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    try:
        server, version = _serve(order)
    except GraphsvcError as error:
        _answer(answers, {"failed": error.message, "mend": error.mend})
        os._exit(1)
    except Exception as error:
        _answer(answers, {"failed": f"{type(error).__name__}: {error}", "mend": ""})
        os._exit(1)
    _answer(answers, {"ready": version})
    stop.wait()
    server.stop()
    # The Java machine's own way out waits for threads that have nothing left to do.
    os._exit(0)


def _own_stdout() -> TextIO:
    """Keep stdout for our answers; what Java prints there goes where stderr goes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def _answer(answers: TextIO, message: dict[str, str]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _watch_stdin(stop: threading.Event) -> None:
    if sys.stdin.readline() == "stop\n":
        stop.set()
        return
    # The supervisor is gone: nobody could reach us any more. What was acknowledged is in the
    # write-ahead log, and a clean stop could hang on a runaway statement.
    os._exit(1)


def _serve(order: Order) -> tuple[Any, str]:
    """Start the server with the database open and every interface but Bolt disabled."""
    import arcadedb_embedded

    folder = DataFolder(Path(order.data_dir))
    version = str(arcadedb_embedded.__version__)
    folder.check_engine_version(version)
    passwords = Passwords(root=order.root_password, reader=order.reader_password)
    write_accounts(folder.server_root / "config", passwords)
    java = _start_java(folder, order.memory_mb)
    # Set for the whole Java machine: what stands only in a server's configuration (LOAD CSV,
    # the flush at commit) does not reach its databases.
    for name, value in _settings(folder, order.bolt_port).items():
        java("com.arcadedb.GlobalConfiguration").findByKey(f"arcadedb.{name}").setValue(value)
    server = java("com.arcadedb.server.ArcadeDBServer")()
    server.start()
    # No setting keeps the HTTP server (REST, MCP) from starting, but it may be stopped.
    server.getHttpServer().stopService()
    server.getDatabase(DATABASE, True, True)
    folder.write_engine_version(version)
    return server, version


def _start_java(folder: DataFolder, memory_mb: int) -> Any:
    """Start the Java machine that the wheel carries; returns what looks a class up by name.

    Not by `arcadedb_embedded.start_jvm`: it always adds the incubating vector module, which
    nothing here uses and which costs a fifth of the start.
    """
    import jpype
    from arcadedb_embedded.jvm import get_bundled_jre_lib_path, get_jar_path

    logging = Path(__file__).with_name("logging.properties")
    jpype.startJVM(
        get_bundled_jre_lib_path(),
        f"-Xmx{memory_mb}m",
        "-XX:MaxDirectMemorySize=64m",
        "-XX:MaxMetaspaceSize=192m",
        "-XX:ReservedCodeCacheSize=96m",
        "-XX:+UseCompactObjectHeaders",
        # Fewer threads and less memory than G1, and quicker to start; the heap is small.
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        # After an OutOfMemoryError any thread may be missing: a fresh start is the safe answer.
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={folder.crash_log}",
        f"-Djava.util.logging.config.file={logging}",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF8",
        "-Dpolyglot.engine.WarnInterpreterOnly=false",
        "--enable-native-access=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
        "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        classpath=[str(jar) for jar in sorted(Path(get_jar_path()).glob("*.jar"))],
        interrupt=False,
    )
    return jpype.JClass


def _settings(folder: DataFolder, bolt_port: int) -> dict[str, object]:
    root = str(folder.server_root)
    return {
        "server.rootPath": root,
        "server.logsDirectory": f"{root}/log",
        # Production mode replaces every error's text, a typing error's position included, by
        # "check the server log". What else it would set (flush, LOAD CSV) is set below, and
        # what development mode serves besides (Studio) goes with the HTTP server.
        "server.mode": "development",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": "127.0.0.1",
        "bolt.port": bolt_port,
        "bolt.defaultDatabase": DATABASE,
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": "0",
        "server.httpWorkerThreads": 2,
        # The engine's own gate lets twice as many statements in as there are cores, whoever asks:
        # a few slow ones would stop every reader. Who may run what is decided by graphsvc (places
        # of people's statements and of exports, a pool of connections in each process); this is
        # only the last wall, and what reserves heap does not close it to a lookup.
        "queryMaxConcurrent": 512,
        "queryAdmissionHeapWatermark": 0,
        "queryQueueTimeout": 10_000,
        # Written and flushed before a commit is acknowledged.
        "txWalFlush": 1,
        "opencypher.loadCsv.allowFileUrls": False,
        "opencypher.loadCsv.allowRemoteUrls": False,
        "polyglotEngineEnabled": False,
        "serverMetrics": False,
        "support.autoRegister": False,
    }


if __name__ == "__main__":
    main()
