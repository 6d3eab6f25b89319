// name: positions
// why: Who holds which position where, to find several holders of one.
// timeout_s: 600
// slot: type
// returns: fact_id string The fact.
// returns: subject string Id of the person.
// returns: object string Id of the organization.
// returns: role string The position, as the source words it.
// returns: modality string Whether it has come about.
// returns: period string When it holds.
MATCH (s:Entity)-[r:__TYPE__]->(o:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
RETURN r.fact_id AS fact_id, s.id AS subject, o.id AS object, r.role AS role,
  r.modality AS modality, r.period AS period
ORDER BY fact_id
