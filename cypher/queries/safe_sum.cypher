// name: safe_sum
// why: What the stated sums add up to, without adding what must not be added: per currency, for nothing is converted, and per stage, for an announcement is no payment. Each sum is taken once, from the FUNDS relationship or from the Funding. Sums are exact, however large: billions, units and billionths are added apart, as integers. The row without currency counts the facts that state no amount. See docs/money.md.
// param: funder entity = null Only sums whose one funder this is; a share of a common sum is unknown.
// param: recipient entity = null Only sums whose one recipient this is.
// returns: currency string ISO 4217 code; null for facts without an amount.
// returns: stage string How far the sums are.
// returns: facts integer How many facts.
// returns: gross string All sums.
// returns: net string All sums but regrants, which pass on money that another fact counts.
// returns: regrants integer How many of the facts are regrants.
// returns: at_least integer How many state a least amount; the sum is then a lower bound.
// returns: at_most integer How many state a largest amount; the sum is then an upper bound.
// returns: about integer How many state a rough amount.
OPTIONAL MATCH (s:Entity)-[r:FUNDS]->(o:Entity)
WHERE r.funding_id IS NULL
  AND ($funder IS NULL OR s.id = $funder) AND ($recipient IS NULL OR o.id = $recipient)
WITH collect(r {.fact_id, .amount, .currency, .stage, .qualifier, .regrant}) AS single
OPTIONAL MATCH (f:Funding)
WHERE ($funder IS NULL OR f.funders = [$funder])
  AND ($recipient IS NULL OR f.recipients = [$recipient])
WITH single, collect(f {.fact_id, .amount, .currency, .stage, .qualifier, .regrant}) AS shared
UNWIND single + shared AS item
WITH item, split(item.amount, '.') AS parts
WITH item, coalesce(item.regrant, false) AS again,
  toInteger(parts[0]) AS whole,
  CASE WHEN size(parts) > 1 THEN toInteger(substring(parts[1] + '000000000', 0, 9)) ELSE 0 END AS part
WITH item.currency AS currency, item.stage AS stage, count(*) AS facts,
  sum(whole / 1000000000) AS high, sum(whole % 1000000000) AS low, sum(part) AS part,
  sum(CASE WHEN again THEN 0 ELSE whole / 1000000000 END) AS net_high,
  sum(CASE WHEN again THEN 0 ELSE whole % 1000000000 END) AS net_low,
  sum(CASE WHEN again THEN 0 ELSE part END) AS net_part,
  sum(CASE WHEN again THEN 1 ELSE 0 END) AS regrants,
  sum(CASE WHEN item.qualifier = 'at_least' THEN 1 ELSE 0 END) AS at_least,
  sum(CASE WHEN item.qualifier = 'at_most' THEN 1 ELSE 0 END) AS at_most,
  sum(CASE WHEN item.qualifier = 'about' THEN 1 ELSE 0 END) AS about
WITH *, low + part / 1000000000 AS carried, part % 1000000000 AS gross_rest,
  net_low + net_part / 1000000000 AS net_carried, net_part % 1000000000 AS net_rest
WITH *, high + carried / 1000000000 AS top, net_high + net_carried / 1000000000 AS net_top
WITH *,
  CASE
    WHEN top = 0 THEN toString(carried)
    ELSE toString(top) + right('00000000' + toString(carried % 1000000000), 9)
  END AS gross_units,
  CASE
    WHEN net_top = 0 THEN toString(net_carried)
    ELSE toString(net_top) + right('00000000' + toString(net_carried % 1000000000), 9)
  END AS net_units
RETURN currency, stage, facts,
  CASE
    WHEN currency IS NULL THEN null
    WHEN gross_rest = 0 THEN gross_units
    WHEN gross_rest % 10000000 = 0
      THEN gross_units + '.' + right('0' + toString(gross_rest / 10000000), 2)
    ELSE gross_units + '.' + right('00000000' + toString(gross_rest), 9)
  END AS gross,
  CASE
    WHEN currency IS NULL THEN null
    WHEN net_rest = 0 THEN net_units
    WHEN net_rest % 10000000 = 0
      THEN net_units + '.' + right('0' + toString(net_rest / 10000000), 2)
    ELSE net_units + '.' + right('00000000' + toString(net_rest), 9)
  END AS net,
  regrants, at_least, at_most, about
ORDER BY currency, stage
