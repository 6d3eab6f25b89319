"""One module per question that needs more than one query or layer."""
