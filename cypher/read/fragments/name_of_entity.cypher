e.name
