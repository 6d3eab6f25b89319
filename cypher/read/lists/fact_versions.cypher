// name: fact_versions
// why: What one fact was before it changed or was withdrawn, oldest first.
// param: id string The fact.
// returns: properties map Everything each version carries.
MATCH (v:FactVersion {fact_id: $id})
RETURN properties(v) AS properties
ORDER BY v.superseded_at
