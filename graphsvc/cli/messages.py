"""What is said to a person, on stderr: messages, errors, and what is being waited for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

Say = Callable[[str], None]


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
def waiting(what: str) -> Iterator[Say]:
    """Show what is waited for while it lasts, where stderr is a terminal.

    Yields what to say meanwhile; it stays on stderr, terminal or not.
    """
    if not sys.stderr.isatty():
        yield say
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    with console.status(what):
        yield lambda text: console.print(text, markup=False)
