// name: entity_summaries
// why: The names of all things, to show beside ids in a whole listing.
// timeout_s: 600
// returns: properties map id, kind, name, name_en and aliases.
MATCH (e:Entity)
WHERE __NODE(e)__
RETURN e {.id, .kind, .name, .name_en, .aliases} AS properties
