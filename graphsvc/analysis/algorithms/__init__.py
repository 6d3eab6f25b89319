"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import (
    betweenness,
    bridges,
    closeness,
    clustering,
    components,
    cores,
    degree,
    eccentricity,
    link_analysis,
    shortest_paths,
    spectral,
    structural_holes,
    unweighted_paths,
    weighted_paths,
)

TOPICS = (
    betweenness,
    bridges,
    closeness,
    clustering,
    components,
    cores,
    degree,
    eccentricity,
    link_analysis,
    shortest_paths,
    spectral,
    structural_holes,
    unweighted_paths,
    weighted_paths,
)
