// name: nodes_by_id
// why: A batch of a label's nodes, in the order of ids.
// timeout_s: 600
// slot: label
// param: ids list of string The nodes.
// returns: labels list of string All its labels.
// returns: properties map Everything the node carries.
UNWIND $ids AS id
MATCH (n:__LABEL__ {id: id})
RETURN labels(n) AS labels, properties(n) AS properties
ORDER BY n.id
