// name: entity_whole
// why: One thing with what is observed of it, and how many relationships of each type leave and reach it: one statement, because a round trip costs more than the rest.
// slot: holds
// param: id string The thing.
// param: as_of date = null Only observations that this day does not rule out.
// param: certain_only boolean = false Only observations that are dated without doubt.
// returns: properties map Everything the node carries.
// returns: counts list of map type, outgoing (whether the thing is the subject) and relationships (their number) of each; where it has none, one with the number 0.
// returns: observations list of map Everything each observation carries, by metric and id.
MATCH (e:Entity {id: $id})
WHERE __NODE(e)__
OPTIONAL MATCH (e)-[r]-(o:Entity)
WHERE __LINK(r)__ AND __NODE(o)__
WITH e, type(r) AS type, startNode(r).id = $id AS outgoing, count(r) AS relationships
ORDER BY type, outgoing
WITH e, collect({type: type, outgoing: outgoing, relationships: relationships}) AS counts
OPTIONAL MATCH (e)-[:HAS_OBSERVATION]->(r:Observation)
WHERE __NODE(r)__ AND __HOLDS__
WITH e, counts, r
ORDER BY r.metric, r.id
RETURN properties(e) AS properties, counts, collect(properties(r)) AS observations
