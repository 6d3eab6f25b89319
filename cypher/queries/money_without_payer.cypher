// name: money_without_payer
// why: Sums whose payer no source names: whose money is it? Each sum is one row, however many receive it.
// param: stage string = null announced, selected, budgeted or disbursed; without it, every stage.
// returns: funding_id string The funding.
// returns: recipients list of string Names of those who get it; empty where only the program is stated.
// returns: program string Name of the program it runs under, where one is stated.
// returns: amount string The whole sum.
// returns: currency string Its currency.
// returns: qualifier string about, at_least or at_most, where the source hedges.
// returns: stage string How far it is.
// returns: source string Whose money the source calls it: national, local, private, mixed or unknown.
// returns: period string When.
// returns: documents list of string The documents that state it.
MATCH (f:Funding)
WHERE size(f.funders) = 0 AND ($stage IS NULL OR f.stage = $stage)
OPTIONAL MATCH (p:Entity {id: f.program})
OPTIONAL MATCH (f)-[:GOES_TO]->(e:Entity)
WHERE e.id IN f.recipients
WITH f, p, e
ORDER BY e.id
WITH f, p, collect(e.name) AS recipients
RETURN f.id AS funding_id, recipients, p.name AS program, f.amount AS amount,
  f.currency AS currency, f.qualifier AS qualifier, f.stage AS stage, f.source AS source,
  f.period AS period, f.documents AS documents
ORDER BY funding_id
