// name: kindless_nodes
// why: Nodes that bear a kind's label and are no entities, for the doctor.
// timeout_s: 600
// slot: label
// returns: id string The node's id, if it has one.
MATCH (n:__LABEL__)
WHERE NOT n:Entity
RETURN n.id AS id
