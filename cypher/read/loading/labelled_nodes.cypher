// name: labelled_nodes
// why: Every node of a label, whoever made it (one without an id as well), in the order of ids, for the doctor to compare.
// timeout_s: 600
// slot: label
// returns: labels list of string All its labels.
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__)
RETURN labels(n) AS labels, properties(n) AS properties
ORDER BY n.id
