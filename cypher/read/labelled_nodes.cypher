// name: labelled_nodes
// why: Every node of a label with all its labels, for the doctor to compare.
// timeout_s: 600
// slot: label
// returns: labels list of string Its labels.
// returns: properties map Everything the node carries.
MATCH (n:__LABEL__)
RETURN labels(n) AS labels, properties(n) AS properties
