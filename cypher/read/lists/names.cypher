// name: names
// why: What things are called, to find a name that is near one.
// param: limit integer Most things.
// returns: name string Its name.
// returns: name_en string Its English name.
// returns: aliases list of string Its aliases.
MATCH (e:Entity)
WHERE __NODE(e)__
RETURN e.name AS name, e.name_en AS name_en, coalesce(e.aliases, []) AS aliases
ORDER BY e.id
LIMIT $limit
