"""Stated sums, added up between groups."""
