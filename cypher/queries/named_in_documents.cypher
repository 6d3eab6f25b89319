// name: named_in_documents
// why: Which organizations are named in more than one document: who comes up again and again, and what may be checked against another source.
// param: least integer = 2 Fewest documents.
// param: kind string = "Organization" The kind of thing, or an ancestor of it.
// returns: id string The organization.
// returns: name string Its name.
// returns: kind string Its kind.
// returns: documents integer How many documents name it.
// returns: document_ids list of string Which.
MATCH (d:Document)-[:MENTIONS]->(e:Entity)
WHERE $kind IN labels(e)
WITH e, d
ORDER BY d.id
WITH e, collect(d.id) AS document_ids
WHERE size(document_ids) >= $least
RETURN e.id AS id, e.name AS name, e.kind AS kind, size(document_ids) AS documents, document_ids
ORDER BY documents DESC, id
