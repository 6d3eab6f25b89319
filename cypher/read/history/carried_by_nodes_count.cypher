// name: carried_by_nodes_count
// why: How many facts a node carries, of a thing or a document.
// slot: match
// slot: holds
// slot: known
// param: entity string = null The thing that they name.
// param: document string = null The document that states them.
// param: beside list of string Where facts hang that name the thing beside their ends: subjects, or nodes.
// param: but_metrics list of string No observations of these metrics.
// param: since string = null Only what was recorded after this instant.
// param: known_at string = null Only what was recorded by this instant.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: total integer Their number.
__MATCH__
WITH r
WHERE __NODE(r)__ AND (r.metric IS NULL OR NOT r.metric IN $but_metrics)
  AND ($since IS NULL OR r.recorded_at > $since)
  AND __KNOWN__
  AND __HOLDS__
RETURN count(r) AS total
