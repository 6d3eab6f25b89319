// name: kind_counts
// why: How many things of each kind there are.
// returns: kind string The kind.
// returns: things integer Their number.
MATCH (e:Entity)
WHERE __NODE(e)__
RETURN e.kind AS kind, count(e) AS things
ORDER BY kind
