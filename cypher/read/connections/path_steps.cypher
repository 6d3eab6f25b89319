// name: path_steps
// why: Where one step leads from each thing, for a search of paths.
// slot: step
// slot: holds
// param: ids list of string The things.
// param: most integer Most relationships to look at.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: id string The thing.
// returns: others list of string Where its relationships lead.
// returns: scanned integer How many relationships that were.
UNWIND $ids AS id
MATCH (s:Entity {id: id})__STEP__(o)
WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL AND __HOLDS__
WITH id, o.id AS other
LIMIT $most
RETURN id, collect(DISTINCT other) AS others, count(*) AS scanned
