// name: held_nodes
// why: What is held of each node of a label, to compare with a seed.
// timeout_s: 600
// slot: label
// returns: id string The node.
// returns: hash string Content hash.
// returns: recorded_at string When it was recorded.
MATCH (n:__LABEL__)
WHERE n.content_hash IS NOT NULL
RETURN n.id AS id, n.content_hash AS hash, n.recorded_at AS recorded_at
