"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import betweenness, link_analysis

TOPICS = (betweenness, link_analysis)
