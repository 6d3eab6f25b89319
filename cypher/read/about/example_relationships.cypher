// name: example_relationships
// why: Who stands in a relationship to whom, since when, and where it is written.
// slot: source
// slot: type
// slot: target
// returns: subject string Name of the one it comes from.
// returns: object string Name of the one it goes to.
// returns: period string When it holds.
// returns: evidence list of string Documents and the places in them.
MATCH (a:__SOURCE__)-[r:__TYPE__]->(b:__TARGET__)
WHERE __LINK(r)__ AND __NODE(a)__ AND __NODE(b)__
RETURN a.name AS subject, b.name AS object, r.period AS period, r.evidence AS evidence
ORDER BY r.id
LIMIT 10
