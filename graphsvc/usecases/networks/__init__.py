"""Networks made of the graph, and the measures that are computed on them."""
