// name: entity_relationship_counts
// why: How many relationships of each type leave and reach one thing.
// param: id string The thing.
// returns: type string Relationship type.
// returns: outgoing boolean Whether the thing is the subject.
// returns: relationships integer Their number.
MATCH (e:Entity {id: $id})-[r]-(o:Entity)
WHERE __LINK(r)__ AND __NODE(o)__
RETURN type(r) AS type, startNode(r).id = $id AS outgoing, count(r) AS relationships
ORDER BY type, outgoing
