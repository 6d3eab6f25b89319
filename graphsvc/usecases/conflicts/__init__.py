"""Conflicts: facts that contradict each other."""
