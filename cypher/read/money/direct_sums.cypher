// name: direct_sums
// why: Facts that fund, with one payer and one recipient each, whether they state a sum or not; in no order, since all are added up. A FUNDS that a funding made is no fact of its own. A fact without a sum states no stage, source or currency that could rule it out.
// timeout_s: 600
// slot: match
// slot: holds
// param: subject string = null Id of the payer.
// param: object string = null Id of the recipient.
// param: stage string = null How far the sum is.
// param: source string = null Whose money it is.
// param: currency string = null ISO 4217 code.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: fact_id string The fact.
// returns: payer string Id of the payer.
// returns: payer_kind string Kind of the payer.
// returns: recipient string Id of the recipient.
// returns: recipient_kind string Kind of the recipient.
// returns: program string Program under which it ran.
// returns: period string When it holds.
// returns: amount string The sum; null where none is stated.
// returns: currency string Its currency.
// returns: stage string How far it is.
// returns: source string Whose money it is.
// returns: qualifier string How the source hedges it.
// returns: amount_min string Lower bound, where stated.
// returns: amount_max string Upper bound, where stated.
// returns: regrant boolean Whether it passes on money that is counted already.
__MATCH__
WHERE type(r) = 'FUNDS' AND r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
  AND ($subject IS NULL OR s.id = $subject)
  AND ($object IS NULL OR o.id = $object)
  AND (r.amount IS NULL OR (
    ($stage IS NULL OR r.stage = $stage)
    AND ($source IS NULL OR r.source = $source)
    AND ($currency IS NULL OR r.currency = $currency)))
  AND __HOLDS__
RETURN r.fact_id AS fact_id, s.id AS payer, s.kind AS payer_kind, o.id AS recipient,
  o.kind AS recipient_kind, r.program AS program, r.period AS period, r.amount AS amount,
  r.currency AS currency, r.stage AS stage, r.source AS source, r.qualifier AS qualifier,
  r.amount_min AS amount_min, r.amount_max AS amount_max, r.regrant AS regrant
