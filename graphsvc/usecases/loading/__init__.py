"""Changing what the graph holds: load a seed, dump, restore, and check what is stored."""
