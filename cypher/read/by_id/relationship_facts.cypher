// name: relationship_facts
// why: Some relationship facts, in the order of ids.
// timeout_s: 600
// param: ids list of string The facts.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
MATCH (s:Entity)-[r]->(o:Entity)
WHERE r.content_hash IS NOT NULL AND r.fact_id IN $ids
RETURN s.id AS subject, type(r) AS type, o.id AS object, properties(r) AS properties
ORDER BY r.id
