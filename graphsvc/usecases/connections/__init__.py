"""How things hang together: paths and neighbourhoods."""
