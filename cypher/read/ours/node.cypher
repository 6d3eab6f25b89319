// What every node of graphsvc's carries, in the types it is written with: others' are no part of an answer.
// A type without NOT NULL takes what is not there too.
x.id IS :: STRING NOT NULL
AND (x.content_hash IS :: STRING NOT NULL AND x.recorded_at IS :: STRING NOT NULL OR x.version IS :: INTEGER NOT NULL)
AND (NOT x:Entity OR (x.kind IN labels(x) AND x.name IS NOT NULL AND x.name_en IS NOT NULL AND x.aliases IS NOT NULL))
AND x.name IS :: STRING AND x.name_en IS :: STRING AND x.aliases IS :: LIST<STRING NOT NULL>
AND x.document_aliases IS :: LIST<STRING NOT NULL> AND x.evidence IS :: LIST<STRING NOT NULL>
AND x.fact_id IS :: STRING AND x.amount IS :: STRING
