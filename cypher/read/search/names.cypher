// name: names
// why: What every thing is called, and its number of relationships, to build the name index from.
// timeout_s: 600
// slot: degree
// returns: id string The thing.
// returns: kind string Its kind.
// returns: name string Its name.
// returns: name_en string Its English name.
// returns: aliases list of string Its aliases, or null.
// returns: degree integer Its number of relationships.
MATCH (e:Entity)
WHERE __NODE(e)__
RETURN e.id AS id, e.kind AS kind, e.name AS name, e.name_en AS name_en, e.aliases AS aliases,
  __DEGREE__ AS degree
ORDER BY id
