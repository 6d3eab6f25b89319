// name: entity_observations
// why: What is observed of one thing.
// slot: holds
// param: id string The thing.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: properties map Everything each observation carries.
MATCH (:Entity {id: $id})-[:HAS_OBSERVATION]->(r:Observation)
WHERE __HOLDS__
RETURN properties(r) AS properties
ORDER BY r.metric, r.id
