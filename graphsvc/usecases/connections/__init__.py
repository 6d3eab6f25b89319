"""Paths between things, and the neighbourhood of one."""
