// name: create_nodes
// why: A node is created with all its labels at once; the embedded engine's unique constraint does not bear labels that come later.
// slot: labels
// param: rows list of map Each with all properties, id among them.
UNWIND $rows AS row
CREATE (n:__LABELS__ {id: row.id})
SET n += row
