// name: implied_facts
// why: What no source states in so many words: facts that a rule draws from what is stated, with the rule. An auditor looks here first.
// param: type string = null A relationship type, such as FUNDS; without it, every type.
// returns: fact_id string The fact.
// returns: subject_id string Its subject.
// returns: subject string The subject's name.
// returns: type string Relationship type.
// returns: object_id string Its object.
// returns: object string The object's name.
// returns: basis_note string The rule, and what it was drawn from.
// returns: documents list of string The documents that state what it was drawn from.
MATCH (s:Entity)-[r]->(o:Entity)
WHERE r.basis = 'implied' AND ($type IS NULL OR type(r) = $type)
RETURN r.fact_id AS fact_id, s.id AS subject_id, s.name AS subject, type(r) AS type,
  o.id AS object_id, o.name AS object, r.basis_note AS basis_note, r.documents AS documents
ORDER BY fact_id, subject_id, object_id
