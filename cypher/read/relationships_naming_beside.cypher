// name: relationships_naming_beside
// why: Which relationship facts name a thing beside their ends, as their program or as who says so.
// timeout_s: 600
// returns: carrier string Relationship type.
// returns: id string The fact.
// returns: program string The program.
// returns: stated_by string Who says so.
MATCH (:Entity)-[r]->(:Entity)
WHERE r.content_hash IS NOT NULL AND (r.program IS NOT NULL OR r.stated_by IS NOT NULL)
RETURN type(r) AS carrier, r.id AS id, r.program AS program, r.stated_by AS stated_by
