"""HTTP machinery that every topic shares: middleware, caching, cursors, problems, OpenAPI."""
