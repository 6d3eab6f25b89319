// name: neighbour_counts
// why: How many relationships of each type each thing has in one direction, that a drawing may show.
// slot: step
// slot: holds
// param: ids list of string The things.
// param: kinds list of string = null Kinds that the things at the other ends are of.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: id string The thing.
// returns: type string Relationship type.
// returns: relationships integer Their number.
UNWIND $ids AS id
MATCH (s:Entity {id: id})__STEP__(o)
WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL AND ($kinds IS NULL OR o.kind IN $kinds) AND __HOLDS__
RETURN id, type(r) AS type, count(*) AS relationships
ORDER BY id, type
