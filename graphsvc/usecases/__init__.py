"""Questions that need more than one query or layer, in packages by what they are about.

- `loading`: a seed into the graph, changes of a graph in use, dump and restore, doctor.
- `lists`: entities, relationships, fundings, facts and documents, page by page and one by one.
- `about`: what the graph is made of, how much it holds, and the named queries.
- `search`: things by what they are called.
- `connections`: paths between things, and neighbourhoods.
- `money`: stated sums, and what flows between groups.
- `history`: timelines, changes by load, and the history of one thing.
- `conflicts`: facts that contradict each other.
- `networks`: which relationships are edges, and measures computed on them.
- `runs`: analyses as processes of their own, their table of states and progress, their results.
- `exporting`: the graph or a part of it as a file.

No package imports another in a circle; the layers are in pyproject.toml.
"""
