// name: nodes_naming_beside
// why: Which fundings or observations name a thing beside their ends, as their program or as who says so.
// timeout_s: 600
// slot: label
// returns: id string The fact.
// returns: program string The program.
// returns: stated_by string Who says so.
MATCH (r:__LABEL__)
WHERE __NODE(r)__ AND (r.program IS NOT NULL OR r.stated_by IS NOT NULL)
RETURN r.id AS id, r.program AS program, r.stated_by AS stated_by
