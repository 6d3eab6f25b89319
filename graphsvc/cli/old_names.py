"""Options that have another name now: read as that one, and told on stderr.

Old names are kept for one version; no help shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typer.core import TyperCommand

from graphsvc.cli.messages import say


@dataclass(frozen=True)
class OldOption:
    """An option of a command, what it was called and what is written now."""

    command: str
    old: str
    new: tuple[str, ...]


OLD_OPTIONS = (
    OldOption("paths", "--types", ("--type",)),
    OldOption("paths", "--exclude-undated", ("--undated", "exclude")),
)


class Command(TyperCommand):
    """A command that knows its options by their old names too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what was given."""
        return super().parse_args(ctx, _renamed(str(self.name), args))


def _renamed(command: str, given: list[str]) -> list[str]:
    known = {each.old: each.new for each in OLD_OPTIONS if each.command == command}
    now: list[str] = []
    for place, text in enumerate(given):
        if text == "--":
            return [*now, *given[place:]]
        option, equals, value = text.partition("=")
        if option not in known:
            now.append(text)
            continue
        new = known[option]
        say(f"{option} is now {' '.join(new)}; the old name goes with the next version.")
        now += [f"{new[0]}={value}", *new[1:]] if equals else new
    return now
