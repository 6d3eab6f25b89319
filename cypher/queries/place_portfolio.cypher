// name: place_portfolio
// why: The portfolio of a province or city: what it funds, gets, builds, runs, plans and is selected for, and what is said to stand in it, with the sums. A sum is its own where it is the one payer or the one receiver; a funding with several or unstated parties is one row of its own, and its whole sum is nobody's share.
// param: place entity = null Id, name or alias of a local government; without it, every one.
// returns: place_id string The local government.
// returns: place string Its name.
// returns: what string Relationship type; FUNDS for a funding.
// returns: direction string out: it is the subject, or pays; in: it is the object, or receives.
// returns: other_id string The other end; null for a funding.
// returns: others list of string Its name; the names of the other parties of a funding.
// returns: other_kind string Its kind; null for a funding.
// returns: program string Name of the program it runs under.
// returns: amount string The sum, where one is stated.
// returns: currency string Its currency.
// returns: shared boolean Whether the sum has several or unstated payers or receivers.
// returns: stage string How far the sum is.
// returns: regrant boolean Whether another fact already counts this money.
// returns: modality string actual or planned.
// returns: basis string stated, or implied by a rule.
// returns: period string When it holds.
// returns: fact_id string The fact.
MATCH (g:LocalGovernment)
WHERE $place IS NULL OR g.id = $place
OPTIONAL MATCH (g)-[r]-(o:Entity)
WHERE type(r) <> 'POSSIBLY_SAME' AND r.funding_id IS NULL
WITH g, collect(r {.amount, .currency, .stage, .regrant, .modality, .basis, .period, .program, .fact_id, what: type(r), direction: CASE WHEN startNode(r).id = g.id THEN 'out' ELSE 'in' END, other_id: o.id, others: [o.name], other_kind: o.kind, shared: false}) AS own
OPTIONAL MATCH (g)-[:CONTRIBUTES|GOES_TO]-(f:Funding)
WITH DISTINCT g, own, f
OPTIONAL MATCH (f)-[:CONTRIBUTES|GOES_TO]-(party:Entity)
WHERE party.id <> g.id
WITH g, own, f, party
ORDER BY party.id
WITH g, own, f, collect(DISTINCT party.name) AS parties
WITH g, own, collect(f {.amount, .currency, .stage, .regrant, .modality, .basis, .period, .program, .fact_id, what: 'FUNDS', direction: CASE WHEN g.id IN f.funders THEN 'out' ELSE 'in' END, others: parties, shared: true}) AS common
UNWIND own + common AS item
OPTIONAL MATCH (p:Entity {id: item.program})
RETURN g.id AS place_id, g.name AS place, item.what AS what, item.direction AS direction,
  item.other_id AS other_id, item.others AS others, item.other_kind AS other_kind,
  p.name AS program, item.amount AS amount, item.currency AS currency,
  CASE WHEN item.amount IS NULL THEN null ELSE item.shared END AS shared, item.stage AS stage,
  item.regrant AS regrant, item.modality AS modality, item.basis AS basis,
  item.period AS period, item.fact_id AS fact_id
ORDER BY place_id, what, direction DESC, fact_id, other_id
