MATCH (:Entity {id: $entity})<-[:MENTIONS]-(:Document)-[:MENTIONS]->(s:Entity)
WITH DISTINCT s
MATCH (s)-[:CONTRIBUTES|GOES_TO|HAS_OBSERVATION]-(r)
WHERE (r.program = $entity OR r.stated_by = $entity)
  AND NOT $entity IN coalesce(r.funders, []) AND NOT $entity IN coalesce(r.recipients, [])
  AND (r.subject IS NULL OR r.subject <> $entity)
  AND NOT (size(coalesce(r.recipients, ['']) ) = 0 AND r.program = $entity)
WITH DISTINCT r
