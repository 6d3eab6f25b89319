"""The measures that runs and the command line know, by name; the definitions are networkx's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphsvc.analysis.metric import Metric, NodeFunction, NoParameters, Parameters
from graphsvc.analysis.parameters import (
    Betweenness,
    Change,
    Communities,
    Degrees,
    Distances,
    Elected,
    Grouping,
    Hits,
    Katz,
    PageRank,
    Power,
    Resampling,
    Spread,
    Weights,
    length_of,
    weight_of,
)

_DOI = "https://doi.org/"


def _nodes(
    name: str, title: str, title_ko: str, cost: Any, definition: str, reference: str,
    function: str,
    options: Callable[[Any], dict[str, Any]] = lambda _: {},
    parameters: type[Parameters] = NoParameters, *, undirected: bool = False,
    seeded: bool = False,
) -> Metric:  # fmt: skip
    """A measure of nodes that is one function of networkx."""
    computed_by = NodeFunction(function, options, seeded)
    return Metric(
        name, title, title_ko, definition, reference, "nodes", cost, computed_by, parameters,
        undirected=undirected, sorted_by="value", picture="ranks",
    )  # fmt: skip


_BURT = (
    "R. S. Burt, Structural Holes, 1992; M. G. Everett, S. P. Borgatti, Social Networks 62 (2020)."
    f" {_DOI}10.1016/j.socnet.2020.02.001"
)
_FREEMAN = f"L. C. Freeman, Social Networks 1 (1979). {_DOI}10.1016/0378-8733(78)90021-7"

_ALL = (
    _nodes(
        "pagerank", "PageRank", "페이지랭크", "iterations",
        "The share of time that a walker spends at a node who follows edges by their weight and,"
        " with probability 1 - alpha, begins anew anywhere.",
        "L. Page et al., The PageRank Citation Ranking, 1999. http://ilpubs.stanford.edu:8090/422/",
        "pagerank",
        lambda p: {
            "alpha": p.alpha, "tol": p.tol, "max_iter": p.max_iter, "weight": weight_of(p),
        },
        PageRank,
    ),
    Metric(
        "hits", "Hubs and authorities", "허브와 권위",
        "Good hubs point to good authorities: the leading singular vectors of the matrix of"
        " weights. Not unique where the graph falls apart.",
        f"J. Kleinberg, J. of the ACM 46 (1999). {_DOI}10.1145/324133.324140",
        "nodes", "iterations", "hits", Hits, sorted_by="authority", picture="ranks",
    ),
    _nodes(
        "eigenvector", "Eigenvector centrality", "고유벡터 중심성", "iterations",
        "A node matters as the sum of those that point to it: the leading left eigenvector.",
        f"P. Bonacich, American J. of Sociology 92 (1987). {_DOI}10.1086/228631",
        "eigenvector_centrality",
        lambda p: {"tol": p.tol, "max_iter": p.max_iter, "weight": weight_of(p)},
        Power,
    ),
    _nodes(
        "katz", "Katz centrality", "카츠 중심성", "iterations",
        "All walks to a node count, each edge of a walk by alpha.",
        f"L. Katz, Psychometrika 18 (1953). {_DOI}10.1007/BF02289026",
        "katz_centrality",
        lambda p: {
            "alpha": p.alpha, "tol": p.tol, "max_iter": p.max_iter, "weight": weight_of(p),
        },
        Katz,
    ),
    _nodes(
        "degree", "Degree centrality", "연결 중심성", "linear",
        "How many edges a node has, by the number of other nodes.",
        _FREEMAN, "degree_centrality",
    ),
    _nodes(
        "in_degree", "In-degree centrality", "내향 연결 중심성", "linear",
        "How many edges come to a node, by the number of other nodes.",
        _FREEMAN, "in_degree_centrality",
    ),
    _nodes(
        "out_degree", "Out-degree centrality", "외향 연결 중심성", "linear",
        "How many edges leave a node, by the number of other nodes.",
        _FREEMAN, "out_degree_centrality",
    ),
    _nodes(
        "strength", "Strength", "연결 강도", "linear",
        "The sum of the weights of a node's edges.",
        f"A. Barrat et al., PNAS 101 (2004). {_DOI}10.1073/pnas.0400087101",
        "strength",
    ),
    _nodes(
        "closeness", "Closeness centrality", "근접 중심성", "all pairs",
        "The number of nodes that reach a node by the sum of their distances to it, less where few"
        " reach it (Wasserman and Faust).",
        _FREEMAN, "closeness_centrality", lambda p: {"distance": length_of(p)}, Distances,
    ),
    _nodes(
        "harmonic", "Harmonic centrality", "조화 중심성", "all pairs",
        "The sum of the inverse distances of all others to a node.",
        f"P. Boldi, S. Vigna, Internet Mathematics 10 (2014). {_DOI}10.1080/15427951.2013.865686",
        "harmonic_centrality", lambda p: {"distance": length_of(p)}, Distances,
    ),
    _nodes(
        "betweenness", "Betweenness centrality", "매개 중심성", "pivots",
        "The share of the shortest paths between all pairs that lead through a node; from k pivots,"
        " an estimate of it.",
        f"U. Brandes, J. of Mathematical Sociology 25 (2001). {_DOI}10.1080/0022250X.2001.9990249",
        "betweenness_centrality",
        lambda p: {"k": p.k, "normalized": p.normalized, "weight": length_of(p)},
        Betweenness, seeded=True,
    ),
    Metric(
        "edge_betweenness", "Betweenness of edges", "간선 매개 중심성",
        "The share of the shortest paths between all pairs that lead along an edge.",
        f"U. Brandes, Social Networks 30 (2008). {_DOI}10.1016/j.socnet.2007.11.001",
        "edges", "pivots", "edge_betweenness", Betweenness, sorted_by="value",
    ),
    _nodes(
        "core_number", "Core number", "코어 수", "linear",
        "The largest k such that a node is in a part where all have at least k edges.",
        "V. Batagelj, M. Zaversnik, 2003. https://arxiv.org/abs/cs/0310049",
        "core_number",
    ),
    _nodes(
        "triangles", "Triangles", "삼각형 수", "linear",
        "In how many triangles a node is.",
        f"M. Latapy, Theoretical Computer Science 407 (2008). {_DOI}10.1016/j.tcs.2008.07.017",
        "triangles", undirected=True,
    ),
    _nodes(
        "clustering", "Clustering coefficient", "군집 계수", "linear",
        "How many of the pairs of a node's neighbours are neighbours.",
        f"G. Fagiolo, Physical Review E 76 (2007). {_DOI}10.1103/PhysRevE.76.026107",
        "clustering", lambda p: {"weight": weight_of(p)}, Weights,
    ),
    _nodes(
        "average_neighbor_degree", "Mean degree of neighbours", "이웃 평균 연결도", "linear",
        "The mean degree of those that a node points to.",
        f"A. Barrat et al., PNAS 101 (2004). {_DOI}10.1073/pnas.0400087101",
        "average_neighbor_degree", lambda p: {"weight": weight_of(p)}, Weights,
    ),
    _nodes(
        "constraint", "Constraint", "구조적 제약", "linear",
        "How much of a node's ties lead, directly or by others, to the same neighbours.",
        _BURT, "constraint", lambda p: {"weight": weight_of(p)}, Weights,
    ),
    Metric(
        "effective_size", "Effective size", "유효 크기",
        "How many neighbours a node has, less what they have in common.",
        _BURT, "nodes", "linear", "effective_size", Weights, sorted_by="value", picture="ranks",
    ),
    Metric(
        "structural_holes", "Structural holes", "구조적 공백",
        "Constraint, effective size and efficiency side by side.",
        _BURT, "nodes", "linear",
        "structural_holes", Weights,
        sorted_by="effective_size", picture="ranks",
    ),
    Metric(
        "brokerage", "Brokerage roles between kinds", "종류 간 중개 역할",
        "How often a node stands between two that have no edge from the first to the last, by the"
        " kinds of the three: coordinator, itinerant, representative, gatekeeper, liaison.",
        f"R. V. Gould, R. M. Fernandez, Sociological Methodology 19 (1989). {_DOI}10.2307/270949",
        "nodes", "linear", "brokerage_roles",
        sorted_by="total", picture="ranks",
    ),
    Metric(
        "concentration", "Concentration of funding", "자금 집중도",
        "How one side's stated money is spread over the other: Herfindahl-Hirschman index, Gini"
        " coefficient, top share, and the largest partner with its share.",
        "A. O. Hirschman, American Economic Review 54 (1964); J. Pfeffer, G. Salancik, The External"
        " Control of Organizations, 1978.",
        "nodes", "linear",
        "concentration",
        Spread, sorted_by="amount_krw", picture="ranks",
    ),
    Metric(
        "components", "Connected components", "연결 요소",
        "Which nodes hang together, directions left out.",
        f"J. Hopcroft, R. Tarjan, CACM 16 (1973). {_DOI}10.1145/362248.362272",
        "groups", "linear",
        "components",
        undirected=True, picture="communities",
    ),
    Metric(
        "strong_components", "Strongly connected components", "강한 연결 요소",
        "Which nodes reach each other along directions.",
        f"R. Tarjan, SIAM J. on Computing 1 (1972). {_DOI}10.1137/0201010",
        "groups", "linear",
        "strong_components",
        picture="communities",
    ),
    Metric(
        "louvain", "Communities (Louvain)", "커뮤니티 (루뱅)",
        "Groups with more weight within than chance would have, by greedy search for modularity.",
        "V. Blondel et al., J. Statistical Mechanics (2008)."
        f" {_DOI}10.1088/1742-5468/2008/10/P10008",
        "groups", "iterations", "louvain", Communities, undirected=True,
        picture="communities",
    ),
    Metric(
        "leiden", "Communities (Leiden)", "커뮤니티 (라이덴)",
        "Groups with more weight within than chance would have, each of which hangs together.",
        f"V. A. Traag et al., Scientific Reports 9 (2019). {_DOI}10.1038/s41598-019-41695-z",
        "groups", "iterations", "leiden", Communities, undirected=True,
        picture="communities", uses=("networkit",),
    ),
    Metric(
        "modularity", "Modularity", "모듈성",
        "The share of weight within groups, less what chance would put there: of the kinds, the"
        " components, or communities.",
        "M. E. J. Newman, M. Girvan, Physical Review E 69 (2004)."
        f" {_DOI}10.1103/PhysRevE.69.026113",
        "graph", "iterations", "modularity", Grouping, undirected=True, uses=("networkit",),
    ),
    Metric(
        "voterank", "VoteRank", "보트랭크",
        "Whom to begin with to reach most: nodes elected one after the other by their neighbours,"
        " whose votes count less each time they have elected.",
        f"J.-X. Zhang et al., Scientific Reports 6 (2016). {_DOI}10.1038/srep27823",
        "nodes", "linear", "voterank", Elected,
    ),
    Metric(
        "articulation_points", "Articulation points", "단절점",
        "Nodes without which a component falls apart.",
        f"J. Hopcroft, R. Tarjan, CACM 16 (1973). {_DOI}10.1145/362248.362272",
        "nodes", "linear", "articulation_points", undirected=True,
    ),
    Metric(
        "bridges", "Bridges", "다리",
        "Edges without which a component falls apart.",
        f"J. Hopcroft, R. Tarjan, CACM 16 (1973). {_DOI}10.1145/362248.362272",
        "edges", "linear", "bridges", undirected=True,
    ),
    Metric(
        "ties", "Tie strength", "연결의 세기",
        "The edges with their weight; in a projection, how many affiliations two nodes share, and"
        " the sum over these of 1 / (members - 1).",
        f"M. E. J. Newman, Physical Review E 64 (2001). {_DOI}10.1103/PhysRevE.64.016132",
        "edges", "linear", "ties", sorted_by="weight",
    ),
    Metric(
        "transitivity", "Transitivity", "이행성",
        "How many of all pairs of edges that meet are closed to a triangle.",
        f"D. J. Watts, S. H. Strogatz, Nature 393 (1998). {_DOI}10.1038/30918",
        "graph", "linear", "transitivity", undirected=True,
    ),
    Metric(
        "degree_assortativity", "Assortativity by degree", "연결도 동류성",
        "The correlation of the degrees of the two ends of edges.",
        f"M. E. J. Newman, Physical Review E 67 (2003). {_DOI}10.1103/PhysRevE.67.026126",
        "graph", "linear", "degree_assortativity",
    ),
    Metric(
        "kind_assortativity", "Assortativity by kind", "종류 동류성",
        "How much more edges join nodes of one kind than chance would.",
        f"M. E. J. Newman, Physical Review E 67 (2003). {_DOI}10.1103/PhysRevE.67.026126",
        "graph", "linear", "kind_assortativity",
    ),
    Metric(
        "degree_distribution", "Degree distribution", "연결도 분포",
        "How many nodes have each degree, and the share of all that have at least it (CCDF).",
        f"A. Clauset et al., SIAM Review 51 (2009). {_DOI}10.1137/070710111",
        "degrees", "linear", "degree_distribution", Degrees, picture="degrees",
    ),
    Metric(
        "kind_flow", "Flow between kinds", "종류 간 흐름",
        "The edges from each kind to each kind, and their weight: the mixing matrix.",
        f"M. E. J. Newman, Physical Review E 67 (2003). {_DOI}10.1103/PhysRevE.67.026126",
        "kinds", "linear", "kind_flow", sorted_by="weight", picture="kinds",
    ),
    Metric(
        "summary", "Size and density", "규모와 밀도",
        "Nodes, edges, density, mean degree, components, and what was left out for having no"
        " weight.",
        "S. Wasserman, K. Faust, Social Network Analysis, 1994.",
        "graph", "linear", "summary",
    ),
    Metric(
        "rank_stability", "Rank stability", "순위 안정성",
        "A resampling interval for each rank of a measure: what lies above and below for certain,"
        " by differences over seeded resamples of the documents.",
        "M. Mogstad, J. Romano, A. Shaikh, D. Wilhelm, Review of Economic Studies 91 (2024)."
        f" {_DOI}10.1093/restud/rdad006",
        "nodes", "resamples", "rank_stability", Resampling, picture="ranks", method=2,
    ),
    Metric(
        "rank_change", "Change between two days", "두 시점의 변화",
        "A measure of each node on the day `before` and on that of the filter, with ranks.",
        "S. Wasserman, K. Faust, Social Network Analysis, 1994.",
        "nodes", "linear", "rank_change", Change,
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}

RANKED = frozenset(
    name
    for name, metric in METRICS.items()
    if metric.shape == "nodes" and metric.sorted_by == "value"
)
"""What can be resampled and compared: measures with one value for each node."""
