// name: relationships_by_id
// why: Relationships of one type that carry a fact of their own, by their ids, in no order; written so that the embedded engine uses its index, which it does for no pattern with ends or an id within, nor for ids that are unwound.
// timeout_s: 600
// slot: type
// param: ids list of string The ids.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
MATCH (s)-[r:__TYPE__]->(o)
WHERE r.id IN $ids AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__ AND r.content_hash IS NOT NULL
RETURN startNode(r).id AS subject, type(r) AS type, endNode(r).id AS object, properties(r) AS properties
