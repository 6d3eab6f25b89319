// name: figures
// why: Figures that sources report: sales, exports, markets, equipment, numbers of people. They are no funding and are never part of a sum of it; a target or a forecast is nobody's result.
// param: metric string = null A metric of the vocabulary, such as exports; without it, every metric that is no date.
// param: modality string = null actual, planned, target or forecast; without it, each.
// returns: subject_id string Of whom or what.
// returns: subject string Its name.
// returns: metric string What is measured.
// returns: number any The figure, where it is no money.
// returns: unit string Its unit.
// returns: amount string The figure, where it is money.
// returns: currency string Its currency.
// returns: qualifier string about, at_least or at_most, where the source hedges.
// returns: modality string actual, planned, target or forecast.
// returns: period string For when.
// returns: stated_by string Name of who says so, where the source reports a claim.
// returns: documents list of string The documents that state it.
// returns: fact_id string The fact.
MATCH (s:Entity)-[:HAS_OBSERVATION]->(o:Observation)
WHERE (o.amount IS NOT NULL OR o.unit IS NOT NULL)
  AND ($metric IS NULL OR o.metric = $metric) AND ($modality IS NULL OR o.modality = $modality)
OPTIONAL MATCH (t:Entity {id: o.stated_by})
RETURN s.id AS subject_id, s.name AS subject, o.metric AS metric,
  CASE WHEN o.unit IS NULL THEN null ELSE o.value END AS number, o.unit AS unit,
  o.amount AS amount, o.currency AS currency, o.qualifier AS qualifier, o.modality AS modality,
  o.period AS period, t.name AS stated_by, o.documents AS documents, o.fact_id AS fact_id
ORDER BY metric, subject_id, fact_id
