// name: fact_versions_known_at
// why: What was held at an instant and is held no more.
// param: known_at string The instant.
// returns: properties map Everything each version carries.
MATCH (v:FactVersion)
WHERE __NODE(v)__ AND v.recorded_at <= $known_at AND v.superseded_at > $known_at
RETURN properties(v) AS properties
