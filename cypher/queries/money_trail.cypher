// name: money_trail
// why: How money travels: from who pays it, over those who pass it on, to who gets it last. No source says which payment a regrant passes on, so a trail goes on by a regrant only where the two payments agree: in the program or in the currency, and contradict each other in neither. What somebody pays out of other money begins a trail of its own. Trails are shown at their full length, up to five payments, and their sums are not to be added: the later ones are parts of the first.
// param: least_steps integer = 1 Fewest payments; 2 for money that was passed on at least once.
// param: start entity = null Id, name or alias of who pays first; without it, everybody.
// returns: steps integer How many payments.
// returns: trail list of string Names, from who pays first to who gets it last.
// returns: amounts list of string The sum and currency of each payment; "part of a common sum" or "not stated" where it has none of its own.
// returns: programs list of string The id of the program of each payment, or "not stated".
// returns: fact_ids list of string The fact of each payment.
MATCH p = (s:Entity)-[:FUNDS*1..5]->(e:Entity)
WITH s, e, nodes(p) AS stations, relationships(p) AS payments
WHERE size(payments) >= $least_steps
  AND ($start IS NULL OR s.id = $start)
  AND all(payment IN payments[1..] WHERE payment.regrant)
  AND all(i IN range(1, size(payments) - 1) WHERE
    (payments[i].program = payments[i - 1].program OR payments[i].currency = payments[i - 1].currency)
    AND coalesce(payments[i].program = payments[i - 1].program, true)
    AND coalesce(payments[i].currency = payments[i - 1].currency, true))
  AND all(station IN stations WHERE size([other IN stations WHERE other.id = station.id]) = 1)
WITH s, e, stations, payments, payments[0] AS first, last(payments) AS latest
OPTIONAL MATCH (e)-[next:FUNDS]->(further:Entity)
WHERE next.regrant AND NOT further.id IN [station IN stations | station.id]
  AND (next.program = latest.program OR next.currency = latest.currency)
  AND coalesce(next.program = latest.program, true)
  AND coalesce(next.currency = latest.currency, true)
WITH s, stations, payments, first, count(next) AS onward
WHERE onward = 0 OR size(payments) = 5
OPTIONAL MATCH (before:Entity)-[prior:FUNDS]->(s)
WHERE first.regrant AND NOT before.id IN [station IN stations | station.id]
  AND (prior.program = first.program OR prior.currency = first.currency)
  AND coalesce(prior.program = first.program, true)
  AND coalesce(prior.currency = first.currency, true)
WITH stations, payments, count(prior) AS earlier
WHERE earlier = 0
RETURN size(payments) AS steps, [station IN stations | station.name] AS trail,
  [payment IN payments | CASE
    WHEN payment.amount IS NOT NULL THEN payment.amount + ' ' + payment.currency
    WHEN payment.funding_id IS NOT NULL THEN 'part of a common sum'
    ELSE 'not stated' END] AS amounts,
  [payment IN payments | coalesce(payment.program, 'not stated')] AS programs,
  [payment IN payments | payment.fact_id] AS fact_ids
ORDER BY steps DESC, fact_ids, trail
