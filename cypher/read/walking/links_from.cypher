// name: links_from
// why: The relationships of a type that leave a batch of nodes, with all they carry, in the order of ids.
// timeout_s: 600
// slot: start
// slot: type
// slot: end
// param: ids list of string The nodes they start from.
// returns: start string Id of the node it starts from.
// returns: end string Id of the node it ends at.
// returns: properties map Everything the relationship carries.
UNWIND $ids AS id
MATCH (a:__START__ {id: id})-[r:__TYPE__]->(b:__END__)
WHERE (type(r) = 'MENTIONS' AND r.id = a.id + '~' + b.id OR __LINK(r)__) AND __NODE(b)__
RETURN a.id AS start, b.id AS end, properties(r) AS properties
ORDER BY r.id
