// name: possibly_same
// why: Things that may be one and the same, and that are kept apart because no source says so: read what is said of one beside what is said of the other.
// returns: first_id string One of them.
// returns: first string Its name.
// returns: second_id string The other.
// returns: second string Its name.
// returns: kind string Their kind; of the first, where they differ.
// returns: note string Why they may be the same.
// returns: documents list of string The documents it rests on.
// returns: fact_id string The fact.
MATCH (a:Entity)-[r:POSSIBLY_SAME]->(b:Entity)
RETURN a.id AS first_id, a.name AS first, b.id AS second_id, b.name AS second, a.kind AS kind,
  r.note AS note, r.documents AS documents, r.fact_id AS fact_id
ORDER BY first_id, second_id, fact_id
