UNWIND $beside AS beside
MATCH (s:Entity)-[r:__TYPE__ {id: beside}]->(o:Entity)
WHERE s.id <> $entity AND o.id <> $entity
