// name: fact_versions_naming
// why: What facts that name a thing or a document were before they changed or were withdrawn. Their JSON is searched for the quoted id, so a few may only look as if.
// timeout_s: 60
// param: quoted string The id as it stands in the JSON.
// param: held_at string = null Only what was held at this instant.
// param: known_at string = null Only what was recorded by this instant.
// returns: properties map Everything each version carries.
MATCH (v:FactVersion)
WHERE __NODE(v)__ AND ($held_at IS NULL OR (v.recorded_at <= $held_at AND v.superseded_at > $held_at))
  AND ($known_at IS NULL OR v.recorded_at <= $known_at)
  AND v.fact CONTAINS $quoted
RETURN properties(v) AS properties
ORDER BY v.id
