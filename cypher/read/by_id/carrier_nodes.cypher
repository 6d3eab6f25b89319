// name: carrier_nodes
// why: Some fundings or observations, in the order of ids.
// timeout_s: 600
// slot: label
// param: ids list of string The facts.
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__)
WHERE n.id IN $ids
RETURN properties(n) AS properties
ORDER BY n.id
