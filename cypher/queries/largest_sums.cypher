// name: largest_sums
// why: The largest sums of one currency, each once: from the FUNDS relationship of one payer and one receiver, or from the Funding with several or unstated ones. Nothing is converted, so sums of other currencies are not ranked among them. Look at the stage: an announcement is no payment; and at regrant: that money is counted elsewhere already.
// param: currency string = "KRW" ISO 4217 code.
// param: stage string = null announced, selected, budgeted or disbursed; without it, every stage.
// returns: amount string The sum.
// returns: currency string Its currency.
// returns: qualifier string about, at_least or at_most, where the source hedges.
// returns: funders list of string Names of those who pay; empty where no source names them.
// returns: recipients list of string Names of those who get it; empty where only the program is stated.
// returns: program string Name of the program it runs under.
// returns: stage string How far it is.
// returns: regrant boolean Whether another fact already counts this money.
// returns: source string Whose money the source calls it.
// returns: period string When.
// returns: fact_id string The fact.
OPTIONAL MATCH (s:Entity)-[r:FUNDS]->(o:Entity)
WHERE r.currency = $currency AND ($stage IS NULL OR r.stage = $stage)
WITH collect(r {.fact_id, .amount, .currency, .qualifier, .stage, .regrant, .source, .period, .program, funders: [s.id], recipients: [o.id]}) AS single
OPTIONAL MATCH (f:Funding)
WHERE f.currency = $currency AND ($stage IS NULL OR f.stage = $stage)
WITH single, collect(f {.fact_id, .amount, .currency, .qualifier, .stage, .regrant, .source, .period, .program, .funders, .recipients}) AS shared
UNWIND single + shared AS item
WITH item, split(item.amount, '.') AS parts
WITH item, toInteger(parts[0]) AS whole,
  CASE WHEN size(parts) > 1 THEN toInteger(substring(parts[1] + '000000000', 0, 9)) ELSE 0 END AS part
UNWIND CASE WHEN size(item.funders) = 0 THEN [null] ELSE item.funders END AS funder
OPTIONAL MATCH (s:Entity {id: funder})
WITH item, whole, part, s
ORDER BY s.id
WITH item, whole, part, collect(s.name) AS funders
UNWIND CASE WHEN size(item.recipients) = 0 THEN [null] ELSE item.recipients END AS recipient
OPTIONAL MATCH (o:Entity {id: recipient})
WITH item, whole, part, funders, o
ORDER BY o.id
WITH item, whole, part, funders, collect(o.name) AS recipients
OPTIONAL MATCH (p:Entity {id: item.program})
RETURN item.amount AS amount, item.currency AS currency, item.qualifier AS qualifier, funders,
  recipients, p.name AS program, item.stage AS stage, item.regrant AS regrant,
  item.source AS source, item.period AS period, item.fact_id AS fact_id
ORDER BY whole DESC, part DESC, fact_id
