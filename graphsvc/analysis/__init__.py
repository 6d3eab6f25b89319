"""Networks as compact arrays, and what can be computed on them; knows no database.

A `Graph` is a networkx graph to networkx: `nx.pagerank(G)` finds its way here by itself. The
functions in `algorithms` have the names, signatures, results and errors of networkx's own; the
loops over arrays that they call stand in `kernels`.
"""
