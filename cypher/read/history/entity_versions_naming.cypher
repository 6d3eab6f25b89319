// name: entity_versions_naming
// why: Earlier states of entities whose texts name ids, to find what was merged into them then.
// param: ids list of string The ids.
// returns: properties map Everything each version carries.
MATCH (v:EntityVersion)
WHERE v.entity CONTAINS 'merged_ids' AND any(id IN $ids WHERE v.entity CONTAINS '"' + id + '"')
RETURN properties(v) AS properties
ORDER BY v.superseded_at, v.id
