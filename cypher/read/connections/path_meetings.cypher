// name: path_meetings
// why: Steps from some things to some others, for a search of paths.
// slot: step
// slot: holds
// param: ids list of string The things to look from.
// param: among map A key for each of the others: finding one in a list takes the time of the list.
// param: most integer Most relationships to look at.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: pairs any Pairs of ids: from, to.
// returns: scanned integer How many relationships were looked at.
UNWIND $ids AS id
MATCH (s:Entity {id: id})__STEP__(o)
WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL AND __HOLDS__
WITH id, o.id AS other
LIMIT $most
RETURN collect(DISTINCT CASE WHEN $among[other] IS NOT NULL THEN [id, other] END) AS pairs, count(*) AS scanned
