"""The network of a graph: which relationships are its edges, and what they weigh."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import aclosing
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import get_args

import numpy as np

from graphsvc.analysis.hashing import graph_hash
from graphsvc.analysis.network import (
    Edges,
    Network,
    Nodes,
    Weight,
    network_of,
    occurring,
    selected,
)
from graphsvc.analysis.progress import current
from graphsvc.analysis.projection import projected
from graphsvc.errors import InvalidInputError
from graphsvc.model.fact import Basis, Modality
from graphsvc.model.money import LARGEST_INTEGER, Stage
from graphsvc.model.spelling import nearest
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database
from graphsvc.store.edges import (
    EdgeFilter,
    Gathering,
    edge_parts,
    entity_columns,
    entity_ids,
)
from graphsvc.store.state import require_ready, require_unchanged

WEIGHTS: tuple[str, ...] = get_args(Weight)
MODALITIES = (Modality.ACTUAL.value, Modality.PLANNED.value)
_LONGEST_ECHO = 80


@dataclass(frozen=True)
class NetworkFilter:
    """Which relationships make the network; what is None does not matter.

    Parameters
    ----------
    types
        Relationship types; None: those that analyses count, which leaves out POSSIBLY_SAME.
    kinds
        Kinds, or ancestors of them, that both ends must be of.
    as_of
        Only what this day does not rule out; what is undated stays.
    certain_only
        Leave out what is undated or dated in doubt.
    basis
        `stated` or `implied`.
    modality
        `actual` or `planned`.
    min_amount_krw
        Least sum of its own, in won.
    directed
        Whether edges have a direction, from subject to object; those of symmetric types then lead
        both ways. Without, both directions of a pair add up.
    project, through
        Together: the kind of the nodes that stay, and the kind of what joins two of them. Where
        one is an ancestor of the other, the narrower goes first. The result has no directions.
    weight
        What an edge weighs; see `graphsvc.analysis.weighting`, or for a projection
        `graphsvc.analysis.projection`, which knows counts alone.
    stage
        Stage of the sum: those of two stages may be one, told twice.
    isolates
        Keep the nodes (of the kinds) that no edge joins.
    """

    types: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    as_of: date | None = None
    certain_only: bool = False
    basis: str | None = None
    modality: str | None = None
    min_amount_krw: int | None = None
    directed: bool = True
    project: str | None = None
    through: str | None = None
    weight: Weight = "count"
    stage: str | None = None
    isolates: bool = False

    def plain(self) -> dict[str, object]:
        """The filter as JSON has it; names in order, each once."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return sorted(set(value))
    return value.isoformat() if isinstance(value, date) else value


async def read_network(
    database: Database, vocabulary: Vocabulary, wanted: NetworkFilter
) -> Network:
    """The network that a filter leaves; an empty one where it leaves nothing.

    Its nodes are the things that an edge joins, in the order of ids, as in most studies of
    networks: what has no tie by the filter is in no relation that is asked about. With `isolates`
    they are all things of the kinds. Its graph has the edge attributes `weight` and `distance` (in
    a projection also `shared`), the node attributes `kind`, `name` and `name_en`, and says in
    `graph.graph` its `graph_version`, `filter` and `hash`. Both databases give the same.

    Cost: three statements, and one more for each thousand things; about ten microseconds for each
    thing and each relationship. Progress is that of `graphsvc.analysis.progress`.

    Raises
    ------
    InvalidInputError
        When the filter names what the vocabulary does not have, or contradicts itself.
    StoreConflictError
        When a load changed the graph meanwhile.
    """
    _check(vocabulary, wanted)
    state = await require_ready(database)
    kinds = None if wanted.kinds is None else _with_descendants(vocabulary, wanted.kinds)
    ids = await entity_ids(database, kinds)
    edges = await _edges(database, vocabulary, wanted, kinds, ids)
    if not wanted.isolates:
        ids, edges = _joined(ids, edges)
    found = await entity_columns(database, ids)
    await require_unchanged(database, state)
    nodes = Nodes(found.ids, found.kinds, found.names, found.names_en)
    network = _network(vocabulary, nodes, edges, wanted)
    asked = wanted.plain()
    network.graph.graph.update(
        graph_version=state.version, filter=asked, hash=graph_hash(network.graph)
    )
    return replace(network, graph_version=state.version, asked=asked)


async def _edges(
    database: Database,
    vocabulary: Vocabulary,
    wanted: NetworkFilter,
    kinds: tuple[str, ...] | None,
    ids: list[str],
) -> Edges:
    analysed = (name for name, joined in vocabulary.types.items() if joined.analysed)
    types = tuple(sorted(set(wanted.types or analysed)))
    asked = EdgeFilter(
        types=types,
        kinds=kinds,
        as_of=wanted.as_of,
        certain_only=wanted.certain_only,
        basis=wanted.basis,
        modality=wanted.modality,
        stage=wanted.stage,
        min_amount_krw=wanted.min_amount_krw,
    )
    gathering = Gathering(ids, types)
    progress = current()
    state = progress.begin(len(ids))
    async with aclosing(edge_parts(database, asked, ids)) as parts:
        async for things, part in parts:
            gathering.add(part)
            state[0] += things
            progress.check()
    found = gathering.columns()
    columns = {field.name: getattr(found, field.name) for field in fields(found)}
    symmetric = frozenset(name for name in types if vocabulary.types[name].symmetric)
    return Edges(**columns, symmetric=symmetric)


def _joined(ids: list[str], edges: Edges) -> tuple[list[str], Edges]:
    """The ids that some relationship joins, so that no others have to be read, and rows by them."""
    kept, place = selected(occurring(len(ids), edges.source, edges.target))
    ends = {"source": place[edges.source], "target": place[edges.target]}
    return [ids[at] for at in kept.tolist()], replace(edges, **ends)


def _network(vocabulary: Vocabulary, nodes: Nodes, edges: Edges, wanted: NetworkFilter) -> Network:
    if wanted.project is None or wanted.through is None:
        return network_of(
            nodes, edges, weight=wanted.weight, directed=wanted.directed, isolates=wanted.isolates
        )
    stay = set(_with_descendants(vocabulary, (wanted.project,)))
    join = set(_with_descendants(vocabulary, (wanted.through,)))
    if vocabulary.is_a(wanted.through, wanted.project):
        stay -= join
    else:
        join -= stay
    stays = np.array([kind in stay for kind in nodes.kinds], np.bool_)
    joins = np.array([kind in join for kind in nodes.kinds], np.bool_)
    return projected(nodes, edges, stays, joins, isolates=wanted.isolates)


def _with_descendants(vocabulary: Vocabulary, kinds: Collection[str]) -> tuple[str, ...]:
    return tuple(kind for kind in vocabulary.kinds if vocabulary.is_a(kind, *kinds))


# --- what a filter may say -----------------------------------------------------------------------


def _check(vocabulary: Vocabulary, wanted: NetworkFilter) -> None:
    kinds, types = vocabulary.kinds, vocabulary.types
    _check_names("types", wanted.types, types, "relationship type")
    _check_names("kinds", wanted.kinds, kinds, "kind")
    for field, value, known, what in (
        ("basis", wanted.basis, tuple(Basis), "basis"),
        ("modality", wanted.modality, MODALITIES, "modality of a relationship"),
        ("stage", wanted.stage, tuple(Stage), "stage"),
        ("weight", wanted.weight, WEIGHTS, "rule of weights"),
        ("project", wanted.project, kinds, "kind"),
        ("through", wanted.through, kinds, "kind"),
    ):
        _check_names(field, None if value is None else (value,), known, what)
    least = wanted.min_amount_krw
    if least is not None and not 0 <= least <= LARGEST_INTEGER:
        raise InvalidInputError(
            f"min_amount_krw is {least}.",
            mend=f"Give a whole number from 0 to {LARGEST_INTEGER}.",
            field="min_amount_krw",
        )
    _check_projection(wanted)


def _check_names(
    field: str, names: tuple[str, ...] | None, known: Iterable[str], what: str
) -> None:
    if names is None:
        return
    known = list(known)
    if not names:
        raise InvalidInputError(
            f"{field} names none.", mend=f"Name a {what}, or leave it out.", field=field
        )
    for name in names:
        if name not in known:
            raise InvalidInputError(
                f"There is no {what} {str(name)[:_LONGEST_ECHO]!r}.",
                mend=nearest(str(name), known),
                field=field,
            )


def _check_projection(wanted: NetworkFilter) -> None:
    if wanted.project is None and wanted.through is None:
        return
    if wanted.project is None or wanted.through is None:
        missing = "project" if wanted.project is None else "through"
        raise InvalidInputError(
            f"A projection needs project and through, and {missing} is not given.",
            mend="Give both: the kind of the nodes that stay, and of what they share.",
            field=missing,
        )
    if wanted.project == wanted.through:
        raise InvalidInputError(
            f"project and through are both {wanted.project}.",
            mend="Choose two kinds, or leave both out.",
            field="through",
        )
    if wanted.weight != "count":
        raise InvalidInputError(
            f"A projection weighs what nodes share, and cannot go by {wanted.weight}.",
            mend="Leave weight out.",
            field="weight",
        )
