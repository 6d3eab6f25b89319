// name: relationship_by_id
// why: One relationship of one type that carries a fact of its own, by its id; written so that the embedded engine uses its index, which it does for no pattern with ends or an id within.
// slot: type
// param: id string The id.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
MATCH ()-[r:__TYPE__]->()
WHERE r.id = $id AND r.content_hash IS NOT NULL
RETURN startNode(r).id AS subject, type(r) AS type, endNode(r).id AS object, properties(r) AS properties
