// name: entities_by_id
// why: Things by their ids: names to show beside ids, and what a change supersedes.
// timeout_s: 600
// param: ids list of string The ids.
// returns: properties map Everything each node carries.
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN properties(e) AS properties
