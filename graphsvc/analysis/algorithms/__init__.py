"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import (  # noqa: F401 - importing a topic registers it
    assortativity,
    betweenness,
    bridges,
    closeness,
    clustering,
    communities,
    components,
    cores,
    degree,
    eccentricity,
    link_analysis,
    prediction,
    ranking,
    shortest_paths,
    spectral,
    structural_holes,
    unweighted_paths,
    weighted_paths,
)
