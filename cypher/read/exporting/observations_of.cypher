// name: observations_of
// why: What is observed of some things, to export a part of the graph.
// timeout_s: 600
// param: ids list of string The things.
// returns: properties map Everything the observation carries.
UNWIND $ids AS id
MATCH (:Entity {id: id})-[:HAS_OBSERVATION]->(o:Observation)
WHERE __NODE(o)__
RETURN properties(o) AS properties
ORDER BY o.id
