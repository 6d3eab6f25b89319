// name: entity_merged_from
// why: The thing that an id was merged into.
// param: id string The id that is no more.
// returns: id string The id that stands for it.
MATCH (e:Entity)
WHERE __NODE(e)__ AND $id IN e.merged_ids
RETURN e.id AS id
