// name: relationships_from
// why: The relationship facts that leave a batch of things, by type and id.
// timeout_s: 600
// param: ids list of string The things.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
UNWIND $ids AS id
MATCH (s:Entity {id: id})-[r]->(o:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
RETURN s.id AS subject, type(r) AS type, o.id AS object, properties(r) AS properties
ORDER BY type, r.id
