// name: node_by_id
// why: One thing, document, funding or observation, by its id.
// slot: label
// param: id string The id.
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__ {id: $id})
WHERE __NODE(n)__
RETURN properties(n) AS properties
