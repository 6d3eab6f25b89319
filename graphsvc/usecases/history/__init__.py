"""History: timelines, changes by load, and the history of one thing."""
