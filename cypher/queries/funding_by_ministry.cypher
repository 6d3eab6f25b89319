// name: funding_by_ministry
// why: Whom ministries fund, under which program, and with how much. A sum with several or unstated parties is the funding's, in funding_amount: it is not this ministry's share, and it repeats on every row of that funding.
// param: ministry entity = null Id, name or alias of a ministry; without it, every ministry.
// returns: ministry_id string The ministry.
// returns: ministry string Its name.
// returns: recipient_id string Whom it funds.
// returns: recipient string Its name.
// returns: recipient_kind string Its kind.
// returns: program string Name of the program.
// returns: amount string The sum that this ministry gives this recipient, where one is stated.
// returns: currency string Its currency.
// returns: amount_krw integer The sum in won, where it is in won.
// returns: funding_id string The funding that carries the sum instead.
// returns: funding_amount string Its total.
// returns: funding_currency string The total's currency.
// returns: stage string announced, selected, budgeted or disbursed.
// returns: regrant boolean Whether another fact already counts this money.
// returns: basis string stated, or implied by a rule.
// returns: period string When it holds.
// returns: fact_id string The fact.
MATCH (m:Ministry)-[r:FUNDS]->(o:Entity)
WHERE $ministry IS NULL OR m.id = $ministry
OPTIONAL MATCH (p:Entity {id: r.program})
OPTIONAL MATCH (f:Funding {id: r.funding_id})
RETURN m.id AS ministry_id, m.name AS ministry,
  o.id AS recipient_id, o.name AS recipient, o.kind AS recipient_kind, p.name AS program,
  r.amount AS amount, r.currency AS currency, r.amount_krw AS amount_krw,
  f.id AS funding_id, f.amount AS funding_amount, f.currency AS funding_currency,
  coalesce(r.stage, f.stage) AS stage, coalesce(r.regrant, f.regrant) AS regrant,
  r.basis AS basis, r.period AS period, r.fact_id AS fact_id
ORDER BY ministry_id, recipient_id, fact_id
