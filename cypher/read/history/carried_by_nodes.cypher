// name: carried_by_nodes
// why: Nodes that carry a fact (or are a thing or a document), in the order of a key, a page at a time.
// slot: match
// slot: holds
// slot: known
// slot: key
// param: entity string = null The thing that they name.
// param: document string = null The document that states them.
// param: beside list of string Where facts hang that name the thing beside their ends: subjects, or nodes.
// param: ids list of string = null Only these.
// param: but_metrics list of string No observations of these metrics.
// param: since string = null Only what was recorded after this instant.
// param: known_at string = null Only what was recorded by this instant.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: rank string = null Where such things stand among the changes of one load, for a key that says so.
// param: after_key string = null Sort key of the last row seen.
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: properties map Everything the node carries.
// returns: key string Sort key.
__MATCH__
WITH r
WHERE __NODE(r)__ AND ($ids IS NULL OR r.id IN $ids)
  AND (r.metric IS NULL OR NOT r.metric IN $but_metrics)
  AND ($since IS NULL OR r.recorded_at > $since)
  AND __KNOWN__
  AND __HOLDS__
WITH r, __KEY__ AS key
WHERE $after_key IS NULL OR key > $after_key OR (key = $after_key AND r.id > $after_id)
RETURN properties(r) AS properties, key
ORDER BY key, r.id
LIMIT $limit
