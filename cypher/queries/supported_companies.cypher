// name: supported_companies
// why: Which companies, and groups of companies that a source describes without names, a center supports or funds, and through which program.
// param: center entity = null Id, name or alias of a center; without it, every center.
// returns: center_id string The center.
// returns: center string Its name.
// returns: type string SUPPORTS or FUNDS.
// returns: supported_id string Whom it supports.
// returns: supported string Its name.
// returns: supported_kind string Company, or Group where the source names none.
// returns: program string Name of the program it runs under.
// returns: amount string The sum, where one is stated.
// returns: currency string Its currency.
// returns: modality string actual or planned.
// returns: period string When it holds.
// returns: fact_id string The fact.
MATCH (c:Center)-[r:SUPPORTS|FUNDS]->(o:Entity)
WHERE o.kind IN ['Company', 'Group']
  AND ($center IS NULL OR c.id = $center)
OPTIONAL MATCH (p:Entity {id: r.program})
RETURN c.id AS center_id, c.name AS center, type(r) AS type,
  o.id AS supported_id, o.name AS supported, o.kind AS supported_kind, p.name AS program,
  r.amount AS amount, r.currency AS currency,
  r.modality AS modality, r.period AS period, r.fact_id AS fact_id
ORDER BY center_id, supported_id, fact_id
