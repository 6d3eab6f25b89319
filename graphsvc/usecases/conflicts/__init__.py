"""Facts that give different accounts of one thing."""
