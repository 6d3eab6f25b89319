// name: ids_of_elements
// why: The ids of nodes that a result only points to. One seek each; IN would scan on the embedded engine.
// param: elements list of string What the database calls the nodes.
// returns: element string What it calls the node.
// returns: id string The node's id.
UNWIND $elements AS element
MATCH (n)
WHERE elementId(n) = element
RETURN element, n.id AS id
ORDER BY element
