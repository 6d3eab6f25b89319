// name: ids_in_order
// why: The ids of a label, to read its nodes and what leaves them a batch at a time: the embedded engine sorts in its heap, and whole rows of a large graph do not fit.
// timeout_s: 600
// slot: label
// returns: id string The id of a node.
MATCH (n:__LABEL__)
WHERE __NODE(n)__
RETURN n.id AS id
ORDER BY n.id
