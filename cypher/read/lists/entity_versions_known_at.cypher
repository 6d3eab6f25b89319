// name: entity_versions_known_at
// why: Which kinds entities had at an instant that changed or were removed since.
// param: known_at string The instant.
// returns: id string The entity.
// returns: kind string Its kind then.
MATCH (v:EntityVersion)
WHERE __NODE(v)__ AND v.recorded_at <= $known_at AND v.superseded_at > $known_at
RETURN v.entity_id AS id, v.kind AS kind
