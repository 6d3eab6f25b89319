// name: all_entities
// why: Every thing with all it carries, in the order of ids.
// timeout_s: 600
// returns: properties map Everything the node carries.
MATCH (e:Entity)
RETURN properties(e) AS properties
ORDER BY e.id
