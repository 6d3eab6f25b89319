"""networkx's functions for our graphs, by topic; each registers itself by `dispatched`."""

from graphsvc.analysis.algorithms import link_analysis

TOPICS = (link_analysis,)
