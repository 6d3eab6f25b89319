// name: entities_called
// why: The things that have a text as their id, name or alias.
// param: text string The text.
// param: limit integer Most things.
// returns: id string The thing.
MATCH (e:Entity)
WHERE __NODE(e)__ AND (e.id = $text OR e.name = $text OR e.name_en = $text OR $text IN e.aliases)
RETURN e.id AS id
ORDER BY id
LIMIT $limit
