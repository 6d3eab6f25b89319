UNWIND $beside AS beside
MATCH (s:Entity {id: beside})-[r]->(o:Entity)
WHERE (r.program = $entity OR r.stated_by = $entity) AND s.id <> $entity AND o.id <> $entity
