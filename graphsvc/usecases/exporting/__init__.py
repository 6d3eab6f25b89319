"""Exports: the graph, or a part of it, as a file that other programs open.

`files` makes the bytes: `parts` says which part is meant, `source` reads it from the graph, and a
module for each format writes it: `graphml`, `gexf`, `node_link`, `tables`, `jsonld`, `script`.
"""
