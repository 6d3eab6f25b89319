// name: example_things
// why: Things of a kind, by name.
// slot: kind
// returns: id string The thing.
// returns: name string Its name.
// returns: aliases list of string Other spellings of it.
MATCH (n:__KIND__)
WHERE n:Entity AND __NODE(n)__
RETURN n.id AS id, n.name AS name, n.aliases AS aliases
ORDER BY name, id
LIMIT 10
