"""Lists of what the graph holds, page by page, and each thing of them alone."""
