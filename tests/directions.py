"""Whether a network of the harbor has directions, by its filter."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest


class Case(NamedTuple):
    """What is asked, `directed` only where somebody chose, and what the network then is."""

    types: tuple[str, ...] = ()
    chosen: bool | None = None
    project: tuple[str, str] | None = None
    directed: bool = True

    @property
    def filter(self) -> dict[str, Any]:
        """As `graphsvc.graph` and a run's `filter` take it."""
        project, through = self.project or (None, None)
        types = list(self.types) or None
        asked = {"types": types, "directed": self.chosen, "project": project, "through": through}
        return {name: value for name, value in asked.items() if value is not None}

    @property
    def options(self) -> list[str]:
        """As `graphsvc analyze` takes it."""
        directions = {None: [], True: ["--directed"], False: ["--undirected"]}[self.chosen]
        project, through = self.project or (None, None)
        joined = [f"--project={project}", f"--through={through}"] if project else []
        return [*(f"--type={name}" for name in self.types), *directions, *joined]


_CASES = {
    "all types": Case(),
    "a directed type": Case(("FUNDS",)),
    "a directed type, chosen": Case(("FUNDS",), chosen=False, directed=False),
    "a symmetric type": Case(("PARTNERS_WITH",), directed=False),
    "a symmetric type, chosen": Case(("PARTNERS_WITH",), chosen=True),
    "symmetric types": Case(("PARTNERS_WITH", "POSSIBLY_SAME"), directed=False),
    "both sorts": Case(("PARTNERS_WITH", "FUNDS")),
    "both sorts, chosen": Case(("FUNDS", "PARTNERS_WITH"), chosen=False, directed=False),
    "a projection": Case(project=("Organization", "Center"), directed=False),
}

directions = pytest.mark.parametrize("case", _CASES.values(), ids=_CASES)
