"""What the graph is made of, and the named queries."""
