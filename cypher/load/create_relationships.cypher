// name: create_relationships
// why: Relationships of one type between two labels, found by id.
// slot: type
// slot: start
// slot: end
// param: rows list of map Each with start, end and properties (id among them).
UNWIND $rows AS row
MATCH (a:__START__ {id: row.start})
MATCH (b:__END__ {id: row.end})
CREATE (a)-[r:__TYPE__ {id: row.properties.id}]->(b)
SET r += row.properties
RETURN count(r) AS created
