// name: carried_by_relationships
// why: Facts that a relationship carries, of a thing, a document or all, in the order of a key, a page at a time.
// slot: match
// slot: holds
// slot: known
// slot: key
// param: entity string = null The thing that they name.
// param: document string = null The document that states them.
// param: beside list of string Where facts hang that name the thing beside their ends: subjects, or nodes.
// param: ids list of string = null Only these facts.
// param: since string = null Only what was recorded after this instant.
// param: known_at string = null Only what was recorded by this instant.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: rank string = null Where such things stand among the changes of one load, for a key that says so.
// param: after_key string = null Sort key of the last row seen.
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
// returns: key string Sort key.
__MATCH__
WITH s, r, o
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
  AND ($ids IS NULL OR r.fact_id IN $ids)
  AND ($since IS NULL OR r.recorded_at > $since)
  AND __KNOWN__
  AND __HOLDS__
WITH s, r, o, __KEY__ AS key
WHERE $after_key IS NULL OR key > $after_key OR (key = $after_key AND r.id > $after_id)
RETURN s.id AS subject, type(r) AS type, o.id AS object, properties(r) AS properties, key
ORDER BY key, r.id
LIMIT $limit
