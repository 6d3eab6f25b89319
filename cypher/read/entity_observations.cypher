// name: entity_observations
// why: What is observed of one thing.
// param: id string The thing.
// returns: properties map Everything each observation carries.
MATCH (:Entity {id: $id})-[:HAS_OBSERVATION]->(o:Observation)
RETURN properties(o) AS properties
ORDER BY o.metric, o.id
