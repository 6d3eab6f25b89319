"""Analyses that run in processes of their own, their table of progress, and stored results."""
