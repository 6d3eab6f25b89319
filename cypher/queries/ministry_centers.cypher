// name: ministry_centers
// why: Which centers a ministry's money reaches, and with how much: straight, through somebody who passes it on (a regrant that agrees with it in the program or the currency, and contradicts it in neither), or through a program that the center is built, run or chosen under. A center's sum is stated only in the first two ways; a program's sum may serve more than the center. common_amount has several or unstated payers and is not this ministry's share.
// param: ministry entity = null Id, name or alias of a ministry; without it, every ministry.
// returns: ministry_id string The ministry.
// returns: ministry string Its name.
// returns: center_id string The center.
// returns: center string Its name.
// returns: way string direct, regrant or program.
// returns: through_id string Who passes it on, or the program.
// returns: through string Its name.
// returns: amount string What the center gets (direct, regrant) or what the ministry gives the program, where that is stated.
// returns: currency string Its currency.
// returns: common_id string The funding whose sum has several or unstated payers or receivers, where there is one.
// returns: common_amount string Its whole sum.
// returns: common_currency string Its currency.
// returns: stage string How far the sum is.
// returns: basis string Whether a source states that the ministry funds, or a rule draws it.
// returns: fact_id string The fact by which the ministry funds.
CALL {
  MATCH (m:Ministry)-[r:FUNDS]->(c:Center)
  OPTIONAL MATCH (f:Funding {id: r.funding_id})
  RETURN m, c, 'direct' AS way, null AS t, r, r AS paid, f
  UNION ALL
  MATCH (m:Ministry)-[r:FUNDS]->(t:Entity)-[paid:FUNDS]->(c:Center)
  WHERE paid.regrant
    AND (paid.program = r.program OR paid.currency = r.currency)
    AND coalesce(paid.program = r.program, true) AND coalesce(paid.currency = r.currency, true)
  OPTIONAL MATCH (f:Funding {id: paid.funding_id})
  RETURN m, c, 'regrant' AS way, t, r, paid, f
  UNION ALL
  MATCH (m:Ministry)-[r:FUNDS]->(t:Program)
  MATCH (t)-[x]-(c:Center)
  WHERE type(x) IN ['ESTABLISHES', 'OPERATES', 'SUPPORTS', 'IMPLEMENTS', 'PARTICIPATES_IN', 'SELECTED_FOR', 'PART_OF']
  WITH DISTINCT m, r, t, c
  OPTIONAL MATCH (f:Funding)-[:GOES_TO]->(t)
  WHERE f.id = r.funding_id OR (r.funding_id IS NULL AND size(f.funders) = 0)
  RETURN m, c, 'program' AS way, t, r, r AS paid, f
  UNION ALL
  MATCH (m:Ministry)-[r:FUNDS]->(t:Program)
  MATCH (:Entity)-[x:ESTABLISHES|OPERATES]->(c:Center)
  WHERE x.program = t.id
  WITH DISTINCT m, r, t, c
  OPTIONAL MATCH (f:Funding)-[:GOES_TO]->(t)
  WHERE f.id = r.funding_id OR (r.funding_id IS NULL AND size(f.funders) = 0)
  RETURN m, c, 'program' AS way, t, r, r AS paid, f
}
WITH DISTINCT m, c, way, t, r, paid, f
WHERE $ministry IS NULL OR m.id = $ministry
RETURN m.id AS ministry_id, m.name AS ministry, c.id AS center_id, c.name AS center, way,
  t.id AS through_id, t.name AS through, paid.amount AS amount, paid.currency AS currency,
  f.id AS common_id, f.amount AS common_amount, f.currency AS common_currency,
  coalesce(paid.stage, f.stage) AS stage, r.basis AS basis, r.fact_id AS fact_id
ORDER BY ministry_id, center_id, way, through_id, fact_id, common_id
