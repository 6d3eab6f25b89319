"""Network measures over HTTP: what there is, runs of them, and their results."""
