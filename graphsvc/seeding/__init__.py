"""From files to validated facts, and from two sets of facts to a plan of changes."""
