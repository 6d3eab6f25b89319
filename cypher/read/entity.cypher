// name: entity
// why: One thing, by its id or by the id of a thing that was merged into it.
// param: id string The id.
// returns: properties map Everything the node carries.
MATCH (e:Entity {id: $id})
RETURN properties(e) AS properties
