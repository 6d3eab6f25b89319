// name: replace_node_properties
// why: A changed entity or document keeps its node and relationships.
// slot: label
// param: rows list of map Each with all properties, id among them.
UNWIND $rows AS row
MATCH (n:__LABEL__ {id: row.id})
SET n = row
