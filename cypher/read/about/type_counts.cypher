// name: type_counts
// why: How many relationships of each type there are between things.
// returns: type string The type.
// returns: relationships integer Their number.
// returns: facts integer How many facts they stand for as one relationship each.
// returns: with_amount integer How many state an amount of their own.
MATCH (s:Entity)-[r]->(o:Entity)
WHERE __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
RETURN type(r) AS type, count(r) AS relationships, count(r.content_hash) AS facts, count(r.amount) AS with_amount
ORDER BY type
