// name: delete_relationships
// why: What is retracted leaves the graph.
// slot: type
// param: ids list of string The relationships.
UNWIND $ids AS id
MATCH ()-[r:__TYPE__ {id: id}]->()
DELETE r
