// name: carried_dates
// why: Observations whose value is a date, of a thing or a document: all of them, since the database cannot place them.
// slot: match
// slot: known
// param: entity string = null The thing that they name.
// param: document string = null The document that states them.
// param: beside list of string Where facts hang that name the thing beside their ends: subjects, or nodes.
// param: metrics list of string The metrics whose values are dates.
// param: known_at string = null Only what was recorded by this instant.
// returns: properties map Everything the node carries.
__MATCH__
WITH r
WHERE __NODE(r)__ AND r.metric IN $metrics AND __KNOWN__
RETURN properties(r) AS properties
ORDER BY r.id
