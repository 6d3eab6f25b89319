MATCH (s:Entity)-[r:__TYPE__]->(o:Entity)
