MATCH (:Entity {id: $entity})<-[:MENTIONS]-(:Document)-[:MENTIONS]->(s:Entity)
WITH DISTINCT s
MATCH (s)-[r]->(o:Entity)
WHERE (r.program = $entity OR r.stated_by = $entity) AND s.id <> $entity AND o.id <> $entity
