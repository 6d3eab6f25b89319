"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import betweenness, degree, link_analysis, spectral

TOPICS = (betweenness, degree, link_analysis, spectral)
