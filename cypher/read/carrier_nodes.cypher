// name: carrier_nodes
// why: Every funding or observation, in the order of ids.
// timeout_s: 600
// slot: label
// param: ids list of string = null Only these facts.
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__)
WHERE $ids IS NULL OR n.id IN $ids
RETURN properties(n) AS properties
ORDER BY n.id
