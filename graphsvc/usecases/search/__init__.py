"""Search of things by their names, however those are spelt."""
