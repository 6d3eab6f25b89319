"""Analyses that run in processes of their own, and what is known of them in one SQLite table."""
