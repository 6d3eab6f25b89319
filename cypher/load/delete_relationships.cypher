// name: delete_relationships
// why: What is retracted leaves the graph.
// slot: type
// param: ids list of string The relationships.
MATCH ()-[r:__TYPE__]->()
WHERE r.id IN $ids
DELETE r
