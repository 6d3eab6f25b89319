// name: dump_relationships
// why: Every relationship of a type with all it carries, in the order of ids.
// timeout_s: 600
// slot: start
// slot: type
// slot: end
// returns: start string Id of the node it starts from.
// returns: end string Id of the node it ends at.
// returns: properties map Everything the relationship carries.
MATCH (a:__START__)-[r:__TYPE__]->(b:__END__)
RETURN a.id AS start, b.id AS end, properties(r) AS properties
ORDER BY r.id
