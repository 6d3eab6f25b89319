// name: entity_versions
// why: What entities were before they changed or were removed, latest first.
// param: ids list of string The entities.
// returns: properties map Everything each version carries.
UNWIND $ids AS id
MATCH (v:EntityVersion {entity_id: id})
RETURN properties(v) AS properties
ORDER BY v.superseded_at DESC
