MATCH (s:Entity)-[r]->(o:Entity)
