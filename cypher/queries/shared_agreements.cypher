// name: shared_agreements
// why: Who signed the same agreements: each pair once, with how many they share.
// param: least integer = 1 Fewest agreements in common; 2 for pairs who meet more than once.
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
