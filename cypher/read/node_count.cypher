// name: node_count
// why: How many nodes stand under a label of ours.
// slot: label
// returns: nodes integer Their number.
MATCH (n:__LABEL__)
RETURN count(n) AS nodes
