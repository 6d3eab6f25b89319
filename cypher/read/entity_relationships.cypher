// name: entity_relationships
// why: The relationships of one thing with other things, a page at a time.
// slot: match
// slot: holds
// param: id string The thing.
// param: type string = null Relationship type.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: after_key string = null Sort key of the last row seen.
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
// returns: key string Sort key.
__MATCH__
WHERE r.fact_id IS NOT NULL AND ($type IS NULL OR type(r) = $type) AND __HOLDS__
WITH DISTINCT r, coalesce(r.valid_from, '') AS key
WHERE $after_id IS NULL OR key < $after_key OR (key = $after_key AND r.id > $after_id)
RETURN startNode(r).id AS subject, type(r) AS type, endNode(r).id AS object, properties(r) AS properties, key
ORDER BY key DESC, r.id
LIMIT $limit
