"""The HTTP API: a module or package for each topic, over the machinery in http."""
