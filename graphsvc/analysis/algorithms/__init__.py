"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import (
    assortativity,
    betweenness,
    degree,
    link_analysis,
    prediction,
    ranking,
    spectral,
)

TOPICS = (assortativity, betweenness, degree, link_analysis, prediction, ranking, spectral)
