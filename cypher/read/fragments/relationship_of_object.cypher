MATCH (s:Entity)-[r]->(o:Entity {id: $object})
