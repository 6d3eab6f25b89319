// name: shared_agreements
// why: Who shares two or more agreements: each pair of signatories once, with those that both signed.
// param: least integer = 2 Fewest agreements in common; 1 for all who signed one together.
// returns: first_id string One signatory.
// returns: first string Its name.
// returns: second_id string The other.
// returns: second string Its name.
// returns: shared integer How many agreements both signed.
// returns: agreements list of string Their names.
MATCH (a:Entity)-[:SIGNED]->(g:Agreement)<-[:SIGNED]-(b:Entity)
WHERE a.id < b.id
WITH DISTINCT a, b, g
ORDER BY g.id
WITH a, b, collect(g.name) AS agreements
WHERE size(agreements) >= $least
RETURN a.id AS first_id, a.name AS first, b.id AS second_id, b.name AS second,
  size(agreements) AS shared, agreements
ORDER BY shared DESC, first_id, second_id
