"""The network of a graph: which relationships are its edges, and what they weigh."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import aclosing
from dataclasses import fields, replace

import numpy as np

from graphsvc.analysis.hashing import graph_hash
from graphsvc.analysis.network import (
    Edges,
    Network,
    Nodes,
    network_of,
    occurring,
    selected,
)
from graphsvc.analysis.progress import current
from graphsvc.analysis.projection import projected
from graphsvc.analysis.views import FrozenAttributes
from graphsvc.model.choices import Weight
from graphsvc.model.network_filter import NetworkFilter, check_filter
from graphsvc.model.vocabulary import Vocabulary
from graphsvc.store.database import Database
from graphsvc.store.edges import (
    Gathering,
    edge_parts,
    entity_columns,
    entity_ids,
)
from graphsvc.store.state import require_ready, require_unchanged


async def read_network(
    database: Database, vocabulary: Vocabulary, wanted: NetworkFilter
) -> Network:
    """The network that a filter leaves; an empty one where it leaves nothing.

    Its nodes are the things that an edge joins, in the order of ids, as in most studies of
    networks: what has no tie by the filter is in no relation that is asked about. With `isolates`
    they are all things of the kinds. Its graph has the edge attributes `weight` and `distance` (in
    a projection also `shared`), the node attributes `kind`, `name` and `name_en`, and says in
    `graph.graph` its `graph_version`, `filter`, `graph_hash` (of the graph) and `network_hash` (of
    all this, which results of measures name); `hash` is the former's old name. Both databases give
    the same.

    Cost: three statements, and one more for each thousand things; about ten microseconds for each
    thing and each relationship. Progress is that of `graphsvc.analysis.progress`.

    Raises
    ------
    InvalidInputError
        When the filter names what the vocabulary does not have, or contradicts itself.
    StoreConflictError
        When a load changed the graph meanwhile.
    """
    check_filter(vocabulary, wanted)
    wanted = wanted.settled(vocabulary)
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
    digest = graph_hash(network.graph)
    network.graph.graph = FrozenAttributes(
        graph_version=state.version,
        filter=FrozenAttributes(asked),
        graph_hash=digest,
        network_hash=graph_hash(network),
        hash=digest,
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
    asked = replace(wanted, types=types, kinds=kinds)
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
            nodes,
            edges,
            weight=Weight(wanted.weight),
            directed=bool(wanted.directed),
            isolates=wanted.isolates,
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
