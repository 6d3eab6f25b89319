// name: typed_relationships
// why: Every relationship of a type, whoever made it, for the doctor to compare.
// timeout_s: 600
// slot: type
// returns: start string Id of the node it starts from.
// returns: end string Id of the node it ends at.
// returns: properties map Everything the relationship carries.
MATCH (a)-[r:__TYPE__]->(b)
RETURN a.id AS start, b.id AS end, properties(r) AS properties
