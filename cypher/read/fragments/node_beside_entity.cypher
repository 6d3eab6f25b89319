UNWIND $beside AS beside
MATCH (r:__LABEL__ {id: beside})
WHERE NOT $entity IN coalesce(r.funders, []) AND NOT $entity IN coalesce(r.recipients, [])
  AND (r.subject IS NULL OR r.subject <> $entity)
  AND NOT (size(coalesce(r.recipients, [''])) = 0 AND r.program = $entity)
