// name: schema_joins
// why: What the relationships of each type join.
// timeout_s: 120
// returns: type string The type.
// returns: source string Kind of the thing they come from, or the label of a record.
// returns: target string Kind of the thing they go to, or the label of a record.
// returns: count integer How many there are.
MATCH (a)-[r]->(b)
WHERE __NODE(a)__ AND __NODE(b)__
WITH
  type(r) AS type,
  CASE WHEN a:Entity THEN a.kind ELSE head(labels(a)) END AS source,
  CASE WHEN b:Entity THEN b.kind ELSE head(labels(b)) END AS target
RETURN type, source, target, count(*) AS count
ORDER BY type, source, target
