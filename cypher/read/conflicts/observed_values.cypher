// name: observed_values
// why: What every observation states, without its evidence, to compare it with others of its subject.
// timeout_s: 600
// returns: fact_id string The fact.
// returns: subject string Id of the subject.
// returns: metric string What is observed.
// returns: value any A date or a number.
// returns: amount string A sum.
// returns: currency string Its currency.
// returns: qualifier string How the source hedges it.
// returns: amount_min string Lower bound, where stated.
// returns: amount_max string Upper bound, where stated.
// returns: modality string Whether it has come about.
// returns: program string Program under which it is observed.
// returns: period string When it holds.
MATCH (n:Observation)
WHERE __NODE(n)__
RETURN n.id AS fact_id, n.subject AS subject, n.metric AS metric, n.value AS value,
  n.amount AS amount, n.currency AS currency, n.qualifier AS qualifier,
  n.amount_min AS amount_min, n.amount_max AS amount_max, n.modality AS modality,
  n.program AS program, n.period AS period
ORDER BY fact_id
