// name: type_counts
// why: How many relationships of each type there are between things.
// returns: type string The type.
// returns: relationships integer Their number.
// returns: with_amount integer How many state an amount of their own.
MATCH (:Entity)-[r]->(:Entity)
RETURN type(r) AS type, count(r) AS relationships, count(r.amount) AS with_amount
ORDER BY type
