// name: document_mentions
// why: The things that a document's facts name.
// param: id string The document.
// returns: properties map id, kind, name, name_en and aliases of each.
MATCH (:Document {id: $id})-[m:MENTIONS]->(e:Entity)
WHERE m.id IS NOT NULL AND __NODE(e)__
RETURN e {.id, .kind, .name, .name_en, .aliases} AS properties
ORDER BY e.id
