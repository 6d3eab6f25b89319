"""All commands under one name, and what becomes of their errors: a message and an exit code."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from graphsvc import __version__
from graphsvc.cli import (
    analyzing,
    connections,
    diagnosing,
    exporting,
    flows,
    loading,
    plotting,
    reading,
    searching,
    seed,
    serving,
    timeline,
)
from graphsvc.cli.messages import say, say_error
from graphsvc.cli.old_names import Command
from graphsvc.errors import GraphsvcError

EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
"""As a shell reports a program that SIGINT or SIGPIPE ended."""


class Program(TyperGroup):
    """The root command; it turns what a command raises into a message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except GraphsvcError as error:
            say_error(str(error))
            if place := getattr(error, "caret", ""):
                say(place)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(EXIT_INTERRUPTED) from error
        except BrokenPipeError as error:
            _forget_stdout()
            raise typer.Exit(EXIT_BROKEN_PIPE) from error
        except OSError as error:
            if error.errno != errno.ENOSPC or error.filename is not None:
                raise
            _forget_stdout()
            say_error(f"stdout cannot be written: {error.strerror}.")
            raise typer.Exit(GraphsvcError.exit_code) from error
        return result


def _forget_stdout() -> None:
    # Python flushes stdout once more at its end, and would complain about the broken pipe there.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


app = typer.Typer(
    cls=Program,
    help="A graph of agencies, centers and their funding, each fact with its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: rich's takes longer to import than everything else together.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"graphsvc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    pass


for command in (
    serving.serve,
    loading.load,
    reading.facts,
    reading.entities,
    searching.search,
    connections.paths,
    flows.flows,
    timeline.timeline,
    timeline.changes,
    reading.cypher,
    reading.query,
    analyzing.analyze,
    plotting.plot,
    exporting.export,
    seed.init,
    loading.dump,
    loading.restore,
    diagnosing.doctor,
    diagnosing.version,
):
    app.command(cls=Command)(command)
app.add_typer(seed.app, name="seed")


def main() -> None:
    """Run the command line and end the process."""
    for stream in (sys.stdout, sys.stderr):
        # Korean as it is, whatever the locale; half a surrogate pair as JSON writes it.
        with suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except Exception as error:
        say_error(f"This should not happen: {type(error).__name__}: {error}")
        say_error(f"Please report it, with {_trace_file()}.")
        sys.exit(GraphsvcError.exit_code)


def _trace_file() -> str:
    descriptor, name = tempfile.mkstemp(prefix="graphsvc-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return name
