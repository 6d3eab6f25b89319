// name: relationship_by_id
// why: One relationship of one type that carries a fact of its own, by its id.
// slot: type
// param: id string The id.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
MATCH (s:Entity)-[r:__TYPE__ {id: $id}]->(o:Entity)
WHERE r.content_hash IS NOT NULL
RETURN s.id AS subject, type(r) AS type, o.id AS object, properties(r) AS properties
