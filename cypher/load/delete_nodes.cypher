// name: delete_nodes
// why: What is retracted leaves the graph, with all that hangs on it.
// slot: label
// param: ids list of string The nodes.
UNWIND $ids AS id
MATCH (n:__LABEL__ {id: id})
DETACH DELETE n
