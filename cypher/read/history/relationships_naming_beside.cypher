// name: relationships_naming_beside
// why: Whose facts name a thing beside their ends, as their program or as who says so. The subjects, since the embedded engine finds no relationship by its id without looking through all.
// timeout_s: 600
// returns: id string Id of the subject.
// returns: program string The program.
// returns: stated_by string Who says so.
MATCH (s:Entity)-[r]->(:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND (r.program IS NOT NULL OR r.stated_by IS NOT NULL)
RETURN DISTINCT s.id AS id, r.program AS program, r.stated_by AS stated_by
