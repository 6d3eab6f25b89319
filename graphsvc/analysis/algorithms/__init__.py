"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import (
    betweenness,
    closeness,
    eccentricity,
    link_analysis,
    shortest_paths,
    unweighted_paths,
    weighted_paths,
)

TOPICS = (
    betweenness,
    closeness,
    eccentricity,
    link_analysis,
    shortest_paths,
    unweighted_paths,
    weighted_paths,
)
