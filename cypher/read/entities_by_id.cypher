// name: entities_by_id
// why: Names to show beside ids.
// timeout_s: 600
// param: ids list of string The ids.
// returns: properties map Everything each node carries.
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN properties(e) AS properties
