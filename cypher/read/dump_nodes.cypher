// name: dump_nodes
// why: Every node of a label with all it carries, in the order of ids.
// timeout_s: 600
// slot: label
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__)
RETURN properties(n) AS properties
ORDER BY n.id
