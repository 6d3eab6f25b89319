MATCH (:Document {id: $document})-[:MENTIONS]->(s:Entity)
MATCH (s)-[r]->(o:Entity)
WHERE $document IN r.documents
