"""A knowledge graph service that links agencies, centers and funding to their sources."""

__version__ = "0.1.0"
