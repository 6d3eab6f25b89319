// name: carried_by_relationships_count
// why: How many facts a relationship carries, of a thing or a document.
// slot: match
// slot: holds
// slot: known
// param: entity string = null The thing that they name.
// param: document string = null The document that states them.
// param: beside list of string Where facts hang that name the thing beside their ends: subjects, or nodes.
// param: since string = null Only what was recorded after this instant.
// param: known_at string = null Only what was recorded by this instant.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: total integer Their number.
__MATCH__
WITH s, r, o
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
  AND ($since IS NULL OR r.recorded_at > $since)
  AND __KNOWN__
  AND __HOLDS__
RETURN count(r) AS total
