// name: versions_held_at
// why: What was held at an instant and is held no more, in the order of ids.
// timeout_s: 600
// slot: label
// param: known_at string The instant.
// returns: properties map Everything the version carries.
MATCH (v:__LABEL__)
WHERE __NODE(v)__ AND v.recorded_at <= $known_at AND v.superseded_at > $known_at
RETURN properties(v) AS properties
ORDER BY v.id
