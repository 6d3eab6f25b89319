"""What is said to a person, on stderr: messages, errors, and what is being waited for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

Say = Callable[[str], None]
ProgressCallback = Callable[[int], None]


def say(text: str) -> None:
    """Say one thing on stderr."""
    typer.echo(text, err=True)


def say_error(text: str) -> None:
    """Say what went wrong; its first word is red where the terminal shows colours."""
    from rich.console import Console
    from rich.text import Text

    message = Text.assemble(("error: ", "bold red"), text)
    Console(stderr=True, soft_wrap=True, highlight=False).print(message)


@contextmanager
def saying_when_compiled(measure: str) -> Iterator[None]:
    """Say, once, that a measure has to be compiled, should it have to be."""
    from graphsvc.analysis.kernels.compiling import told_of_compiling

    text = f"compiling {measure}: the first use on this machine takes a second or two"
    with told_of_compiling(lambda: say(text)):
        yield


@dataclass(frozen=True)
class Waiting:
    """What can be told while something is waited for.

    `say` stays on stderr, terminal or not; `progress` shows the number of rows done beside what is
    waited for, and only on a terminal.
    """

    say: Say
    progress: ProgressCallback


@contextmanager
def waiting(what: str) -> Iterator[Waiting]:
    """Show what is waited for while it lasts, where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield Waiting(say, lambda _: None)
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    with console.status(what) as shown:
        yield Waiting(
            say=lambda text: console.print(text, markup=False),
            progress=lambda rows: shown.update(f"{what} {rows:,} rows"),
        )
