// name: fact_versions
// why: What facts were before they changed or were withdrawn, oldest first.
// param: ids list of string The facts.
// returns: properties map Everything each version carries.
UNWIND $ids AS id
MATCH (v:FactVersion {fact_id: id})
WHERE __NODE(v)__
RETURN properties(v) AS properties
ORDER BY v.superseded_at, v.id
