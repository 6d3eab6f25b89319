// name: common_sums
// why: Fundings, which have several or unstated parties; in no order, since all are added up.
// timeout_s: 600
// slot: holds
// param: payer string = null Id of one of those who pay.
// param: recipient string = null Id of one of those who get it; of the program where the source names no recipient.
// param: stage string = null How far the sum is.
// param: source string = null Whose money it is.
// param: currency string = null ISO 4217 code.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: fact_id string The fact.
// returns: payers list of string Ids of those who pay; empty where the source names none.
// returns: recipients list of string Ids of those who get it.
// returns: program string Program under which it ran.
// returns: period string When it holds.
// returns: amount string The sum.
// returns: currency string Its currency.
// returns: stage string How far it is.
// returns: source string Whose money it is.
// returns: qualifier string How the source hedges it.
// returns: amount_min string Lower bound, where stated.
// returns: amount_max string Upper bound, where stated.
// returns: regrant boolean Whether it passes on money that is counted already.
// returns: parties list of map Id and kind of each payer and recipient, in no order.
MATCH (r:Funding)
WHERE __NODE(r)__
WITH r, coalesce(r.funders, []) AS payers, coalesce(r.recipients, []) AS named
WITH r, payers, CASE WHEN size(named) = 0 THEN [r.program] ELSE named END AS recipients
WHERE ($payer IS NULL OR $payer IN payers)
  AND ($recipient IS NULL OR $recipient IN recipients)
  AND ($stage IS NULL OR r.stage = $stage)
  AND ($source IS NULL OR r.source = $source)
  AND ($currency IS NULL OR r.currency = $currency)
  AND __HOLDS__
RETURN r.fact_id AS fact_id, payers, recipients, r.program AS program, r.period AS period,
  r.amount AS amount, r.currency AS currency, r.stage AS stage, r.source AS source,
  r.qualifier AS qualifier, r.amount_min AS amount_min, r.amount_max AS amount_max,
  r.regrant AS regrant,
  [(r)-[:CONTRIBUTES|GOES_TO]-(party:Entity) | party {.id, .kind}] AS parties
