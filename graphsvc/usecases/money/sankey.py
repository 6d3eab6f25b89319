"""Flows for drawing: one diagram a currency and stage, without circles; what was cut is named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import reduce
from typing import Any, Literal

from graphsvc.model.money import plain
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database
from graphsvc.usecases.lists.views import Names
from graphsvc.usecases.money.flows import Cell, Flows, ends_of, group_names, to_side
from graphsvc.usecases.money.groups import Group, Side, group_view
from graphsvc.usecases.money.stated_sums import ZERO, plus

Cut = Literal["loop", "cycle"]


async def diagrams(
    database: Database, vocabulary: Vocabulary, flows: Flows, limit: int
) -> list[dict[str, Any]]:
    """One diagram for each currency and stage, with its `limit` largest links.

    A link that leads from a group to itself is cut as a `loop`. The others are taken largest
    first (ties in the order of their ids), and one that would close a circle with links that were
    taken before is cut as part of a `cycle`: so the smallest link of each circle goes, and no cut
    link could be put back.

    Cost: for each link within a circle a search among the links taken before it.
    """
    drawn: dict[tuple[str, str | None], list[Cell]] = {}
    for cell in flows.cells:
        if cell.currency is not None:
            drawn.setdefault((cell.currency, cell.stage), []).append(cell)
    kept = {key: cells[:limit] for key, cells in drawn.items()}
    names = await group_names(database, flows.group_by, (c for cs in kept.values() for c in cs))
    totals = {(row["currency"], row["stage"]): row for row in flows.totals}
    return [
        {
            **await asyncio.to_thread(_diagram, vocabulary, names, flows, kept[key]),
            "left_out": _left_out(flows, cells[limit:]),
            "total": totals[key],
            "currency": key[0],
            "stage": key[1],
        }
        for key, cells in drawn.items()
    ]


def _left_out(flows: Flows, cells: Sequence[Cell]) -> dict[str, Any]:
    amounts = (cell.sums.amount(flows.net) for cell in cells)
    return {"links": len(cells), "amount": plain(reduce(plus, amounts, ZERO))}


def _diagram(
    vocabulary: Vocabulary, names: Names, flows: Flows, cells: Sequence[Cell]
) -> dict[str, Any]:
    ends = [ends_of(cell, flows.group_by) for cell in cells]
    links: list[dict[str, Any]] = []
    cut: list[dict[str, Any]] = []
    for cell, (start, end), why in zip(cells, ends, cuts(ends), strict=True):
        link = {"from": start, "to": end, **flows.cell_view(cell)}
        if why is None:
            links.append(link)
        else:
            cut.append({**link, "because": why})
    sides: dict[str, tuple[Group, Side]] = {}
    for cell, (start, end) in zip(cells, ends, strict=True):
        sides.setdefault(start, (cell.payers, "payer"))
        sides.setdefault(end, (cell.recipients, to_side(flows.group_by)))
    nodes = [group_view(*sides[key], vocabulary, names) for key in sorted(sides)]
    return {"nodes": nodes, "links": links, "cut": cut}


def cuts(ends: Sequence[tuple[str, str]]) -> list[Cut | None]:
    """For each link, in the order in which they are taken: why it is cut, or None.

    A circle lies within a strongly connected component, so links between two are never cut.
    """
    # The import takes a third of a second, which only drawings need.
    import networkx as nx

    components = nx.strongly_connected_components(nx.DiGraph(ends))
    component = {node: number for number, nodes in enumerate(components) for node in nodes}
    taken = nx.DiGraph()
    taken.add_nodes_from(component)
    decided: list[Cut | None] = []
    for start, end in ends:
        if start == end:
            decided.append("loop")
        elif component[start] != component[end]:
            decided.append(None)
        elif nx.has_path(taken, end, start):
            decided.append("cycle")
        else:
            taken.add_edge(start, end)
            decided.append(None)
    return decided
