MATCH (:Document {id: $document})-[:MENTIONS]->(s:Entity)
MATCH (s)-[:CONTRIBUTES|GOES_TO|HAS_OBSERVATION]-(r)
WHERE $document IN r.documents
WITH DISTINCT r
