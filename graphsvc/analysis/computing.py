"""How each measure of the catalog is computed: by networkx's name for it, or by our own modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np

from graphsvc.analysis import brokerage, mixing, stability
from graphsvc.analysis import concentration as spread
from graphsvc.analysis.algorithms.structural_holes import burts_effective_size
from graphsvc.analysis.catalog import METRICS
from graphsvc.analysis.graph import Graph
from graphsvc.analysis.layout import layout_of_groups
from graphsvc.analysis.metric import Inputs, Metric, NodeFunction
from graphsvc.analysis.parameters import length_of, weight_of
from graphsvc.analysis.ranking import Tolerance, tolerance_of
from graphsvc.analysis.table import Table


def compute(metric: Metric, inputs: Inputs) -> Table:
    """What a measure finds.

    Raises
    ------
    networkx.NetworkXException, ValueError, ZeroDivisionError
        When it cannot be computed on this network.
    """
    if isinstance(metric.computed_by, NodeFunction):
        return _of_nodes(metric.computed_by, inputs)
    return _FUNCTIONS[metric.computed_by](inputs)


def _of_nodes(chosen: NodeFunction, inputs: Inputs) -> Table:
    graph = inputs.network.graph
    if chosen.function == "strength":
        return _by_node(inputs, value=dict(graph.degree(weight="weight")))
    options = chosen.options(inputs.parameters) | ({"seed": inputs.seed} if chosen.seeded else {})
    return _by_node(inputs, value=getattr(nx, chosen.function)(graph, **options))


def _by_node(inputs: Inputs, **columns: Mapping[Any, float] | np.ndarray) -> Table:
    nodes = inputs.network.graph.node_list
    made: dict[str, np.ndarray | list[str]] = {"node": [str(node) for node in nodes]}
    for name, values in columns.items():
        found = [values[node] for node in nodes] if isinstance(values, Mapping) else values
        made[name] = np.asarray(found)
    return Table(made)


def hits(inputs: Inputs) -> Table:
    """Authorities and hubs."""
    hubs, authorities = nx.hits(inputs.network.graph, **inputs.parameters.model_dump())
    return _by_node(inputs, authority=authorities, hub=hubs)


def edge_betweenness(inputs: Inputs) -> Table:
    """Edges by betweenness."""
    chosen = inputs.parameters
    found = nx.edge_betweenness_centrality(
        inputs.network.graph,
        k=chosen.k,
        normalized=chosen.normalized,
        weight=length_of(chosen),
        seed=inputs.seed,
    )
    return _by_edge(found)


def bridges(inputs: Inputs) -> Table:
    """The edges that are bridges."""
    return _by_edge(dict.fromkeys(nx.bridges(inputs.network.graph), 1))


def ties(inputs: Inputs) -> Table:
    """Edges by weight, and what a projection knows of them."""
    graph = inputs.network.graph
    edges = list(graph.edges)
    columns: dict[str, np.ndarray | list[str]] = {**_ends(edges)}
    for name in ("weight", "shared"):
        if name in graph.attributes:
            columns[name] = np.array([value for _, _, value in graph.edges(data=name)])
    return Table(columns)


def _by_edge(found: Mapping[tuple[Any, Any], float]) -> Table:
    return Table({**_ends(list(found)), "value": np.array(list(found.values()))})


def _ends(edges: list[tuple[Any, Any]]) -> dict[str, list[str]]:
    return {
        "source": [str(source) for source, _ in edges],
        "target": [str(target) for _, target in edges],
    }


def _groups(inputs: Inputs, found: list[set[Any]]) -> Table:
    """The number of each node's group, the largest is 1, and where nodes stand in a picture."""
    ordered = sorted(found, key=lambda group: (-len(group), min(map(str, group))))
    number = {node: place + 1 for place, group in enumerate(ordered) for node in group}
    size = {node: len(group) for group in ordered for node in group}
    table = _by_node(inputs, group=number, size=size)
    placed = layout_of_groups(inputs.network, np.asarray(table.columns["group"]), inputs.seed)
    return replace(table, layout=placed)


def louvain(inputs: Inputs) -> Table:
    """The group of each node."""
    return _groups(inputs, _communities(inputs, "louvain"))


def leiden(inputs: Inputs) -> Table:
    """The group of each node."""
    return _groups(inputs, _communities(inputs, "leiden"))


def _communities(inputs: Inputs, method: str) -> list[set[Any]]:
    chosen = inputs.parameters
    function = getattr(nx.community, f"{method}_communities")
    return list(
        function(
            inputs.network.graph,
            weight=weight_of(chosen),
            resolution=chosen.resolution,
            seed=inputs.seed,
        )
    )


def modularity(inputs: Inputs) -> Table:
    """One number, and how many groups there are."""
    chosen, graph = inputs.parameters, inputs.network.graph
    match chosen.by:
        case "kind":
            found = _kinds(inputs)
        case "components":
            found = list(nx.connected_components(graph))
        case method:
            found = _communities(inputs, method)
    value = nx.community.modularity(
        graph, found, weight=weight_of(chosen), resolution=chosen.resolution
    )
    return Table({"value": np.array([float(value)]), "groups": np.array([len(found)])})


def _kinds(inputs: Inputs) -> list[set[Any]]:
    groups: dict[str, set[Any]] = {}
    for node, kind in zip(inputs.network.graph.node_list, inputs.network.kinds, strict=True):
        groups.setdefault(kind, set()).add(node)
    return list(groups.values())


def voterank(inputs: Inputs) -> Table:
    """The elected, in order."""
    found = nx.voterank(inputs.network.graph, inputs.parameters.k)
    places = np.arange(1, len(found) + 1)
    return Table({"node": [str(node) for node in found], "place": places})


def summary(inputs: Inputs) -> Table:
    """One row."""
    graph = inputs.network.graph
    n, edges = len(graph), graph.number_of_edges()
    pairs = n * (n - 1) / (1 if graph.directed else 2)
    parts = nx.weakly_connected_components if graph.directed else nx.connected_components
    sizes = [len(part) for part in parts(graph)]
    return Table(
        {
            "nodes": np.array([n]),
            "edges": np.array([edges]),
            "density": np.array([edges / pairs if pairs else np.nan]),
            "mean_degree": np.array([2 * edges / n]),
            "components": np.array([len(sizes)]),
            "largest_component": np.array([max(sizes)]),
            "weight": np.array([float(graph.size("weight"))]),
            "left_out": np.array([inputs.network.left_out]),
        }
    )


def degree_distribution(inputs: Inputs) -> Table:
    """One row for each degree."""
    return mixing.degree_distribution(inputs.network, inputs.parameters.direction)


def kind_flow(inputs: Inputs) -> Table:
    """One row for each pair of kinds."""
    return mixing.kind_flow(inputs.network)


def articulation_points(inputs: Inputs) -> Table:
    """The nodes that are."""
    cut = set(nx.articulation_points(inputs.network.graph))
    return Table({"node": [str(node) for node in inputs.network.graph.node_list if node in cut]})


def _score(inputs: Inputs) -> stability.Score:
    """The ranked measure, with its parameters left as they are by default."""
    metric = METRICS[inputs.parameters.metric]
    parameters = metric.parameters()

    def score(graph: Graph) -> dict[Any, float]:
        network = replace(inputs.network, graph=graph)
        table = compute(metric, Inputs(network, parameters, inputs.seed))
        return dict(zip(graph.node_list, table.columns["value"], strict=True))

    return score


def _tolerance(inputs: Inputs) -> Tolerance:
    """That of the ranked measure."""
    return tolerance_of(METRICS[inputs.parameters.metric].parameters())


def rank_stability(inputs: Inputs) -> Table:
    """Resampling intervals of the ranks of another measure."""
    chosen = inputs.parameters
    return stability.rank_stability(
        inputs.network,
        _score(inputs),
        resample=chosen.resample,
        fraction=chosen.fraction,
        resamples=chosen.resamples,
        level=chosen.level,
        top=chosen.top,
        seed=inputs.seed,
        tolerance=_tolerance(inputs),
    )


def rank_change(inputs: Inputs) -> Table:
    """Another measure in both states."""
    if inputs.before is None:
        raise ValueError("a change needs the network before it")
    return stability.rank_change(
        inputs.before, inputs.network, _score(inputs), tolerance=_tolerance(inputs)
    )


def structural_holes(inputs: Inputs) -> Table:
    """Constraint, effective size and efficiency."""
    return brokerage.structural_holes(inputs.network.graph, weight_of(inputs.parameters))


def effective_size(inputs: Inputs) -> Table:
    """Burt's effective size of each node, which is not networkx's where ties differ in weight."""
    found = burts_effective_size(inputs.network.graph, weight_of(inputs.parameters))
    return _by_node(inputs, value=found)


def brokerage_roles(inputs: Inputs) -> Table:
    """Gould and Fernandez's roles."""
    return brokerage.brokerage_roles(inputs.network)


def concentration(inputs: Inputs) -> Table:
    """How one side's money is spread."""
    return spread.concentration(inputs.network, inputs.parameters.side, inputs.parameters.k)


def components(inputs: Inputs) -> Table:
    """The component of each node."""
    return _groups(inputs, list(nx.connected_components(inputs.network.graph)))


def strong_components(inputs: Inputs) -> Table:
    """The strongly connected component of each node."""
    return _groups(inputs, list(nx.strongly_connected_components(inputs.network.graph)))


def transitivity(inputs: Inputs) -> Table:
    """One number."""
    return _single(nx.transitivity(inputs.network.graph))


def degree_assortativity(inputs: Inputs) -> Table:
    """One number."""
    return _single(nx.degree_assortativity_coefficient(inputs.network.graph))


def kind_assortativity(inputs: Inputs) -> Table:
    """One number."""
    return _single(nx.attribute_assortativity_coefficient(inputs.network.graph, "kind"))


def _single(value: float) -> Table:
    return Table({"value": np.array([float(value)])})


_FUNCTIONS: dict[str, Callable[[Inputs], Table]] = {
    function.__name__: function
    for function in (
        hits,
        edge_betweenness,
        bridges,
        ties,
        louvain,
        leiden,
        modularity,
        voterank,
        summary,
        degree_distribution,
        kind_flow,
        articulation_points,
        rank_stability,
        rank_change,
        structural_holes,
        effective_size,
        brokerage_roles,
        concentration,
        components,
        strong_components,
        transitivity,
        degree_assortativity,
        kind_assortativity,
    )
}
