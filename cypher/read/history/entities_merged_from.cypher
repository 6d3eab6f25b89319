// name: entities_merged_from
// why: The things that ids were merged into.
// param: ids list of string The ids that are no more.
// returns: merged string An id that is no more.
// returns: id string The id that stands for it.
// returns: recorded_at string Since when that thing is held as it is.
MATCH (e:Entity)
WHERE __NODE(e)__ AND e.merged_ids IS NOT NULL
UNWIND e.merged_ids AS merged
WITH e, merged
WHERE merged IN $ids
RETURN merged, e.id AS id, e.recorded_at AS recorded_at
ORDER BY merged, id
