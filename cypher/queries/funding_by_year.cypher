// name: funding_by_year
// why: Sums per year, region, currency and stage. Each sum is taken once and stands in one row: a sum for several years or regions is not split, because no source says how, so it stands in a row of those years and regions. Its region is the local government that receives it, or in which the receiver is or stands, or which takes part in the program that receives it. Sums are exact and nothing is converted; see docs/money.md. Rows without currency count the facts that state no amount.
// param: year integer = null Only sums whose years may include it, those of no stated year too; without it, every year.
// param: region entity = null Id, name or alias of a local government; without it, every region.
// param: stage string = null announced, selected, budgeted or disbursed; without it, every stage.
// returns: from_year integer First year of the sums' period; null where it is not stated.
// returns: to_year integer Last year of the sums' period; null where it is not stated.
// returns: region_ids list of string Local governments; empty where none is stated.
// returns: regions list of string Their names.
// returns: currency string ISO 4217 code; null for facts without an amount.
// returns: stage string How far the sums are.
// returns: facts integer How many facts.
// returns: gross string All sums.
// returns: net string All sums but regrants, which pass on money that another fact counts.
// returns: bounded integer How many of the facts hedge the amount (about, at_least, at_most).
// returns: holds string yes: both years of the sums are stated without doubt, and have the year between them; possibly: some may be of another year; null without a year.
CALL {
  MATCH (:Entity)-[r:FUNDS]->(o:Entity)
  WHERE r.funding_id IS NULL
  RETURN r.fact_id AS fact_id, r.amount AS amount, r.currency AS currency, r.stage AS stage,
    r.qualifier AS qualifier, coalesce(r.regrant, false) AS again,
    r.valid_from AS valid_from, r.valid_to AS valid_to, coalesce(r.period, 'X') AS period, o
  UNION ALL
  MATCH (f:Funding)
  OPTIONAL MATCH (f)-[:GOES_TO]->(o:Entity)
  RETURN f.fact_id AS fact_id, f.amount AS amount, f.currency AS currency, f.stage AS stage,
    f.qualifier AS qualifier, coalesce(f.regrant, false) AS again,
    f.valid_from AS valid_from, f.valid_to AS valid_to, coalesce(f.period, 'X') AS period, o
}
WITH *
WHERE $stage IS NULL OR stage = $stage
OPTIONAL MATCH (o)-[:PART_OF|LOCATED_IN*0..6]->(there:LocalGovernment)
WITH fact_id, amount, currency, stage, qualifier, again, valid_from, valid_to, period, o,
  collect(DISTINCT there) AS around
OPTIONAL MATCH (taking:LocalGovernment)-[t:SELECTED_FOR|PARTICIPATES_IN|IMPLEMENTS]->(o)
WHERE t.modality = 'actual'
WITH fact_id, amount, currency, stage, qualifier, again, valid_from, valid_to, period, around,
  collect(DISTINCT taking) AS partaking
WITH *, around + partaking AS places
UNWIND CASE WHEN size(places) = 0 THEN [null] ELSE places END AS place
WITH DISTINCT fact_id, amount, currency, stage, qualifier, again, valid_from, valid_to, period, place
ORDER BY place.id
WITH fact_id, amount, currency, stage, qualifier, again,
  period CONTAINS '?' OR period CONTAINS '~' OR period CONTAINS '%' OR period CONTAINS 'X' AS in_doubt,
  toInteger(substring(valid_from, 0, 4)) AS from_year,
  toInteger(substring(valid_to, 0, 4)) AS to_year,
  split(amount, '.') AS parts,
  collect(place.id) AS region_ids, collect(place.name) AS regions,
  sum(CASE WHEN place.id = $region THEN 1 ELSE 0 END) AS meant
WHERE ($region IS NULL OR meant > 0)
  AND ($year IS NULL
    OR (coalesce(from_year, $year) <= $year AND coalesce(to_year, $year) >= $year))
WITH from_year, to_year, region_ids, regions, currency, stage, qualifier, again, in_doubt,
  toInteger(parts[0]) AS whole,
  CASE WHEN size(parts) > 1 THEN toInteger(substring(parts[1] + '000000000', 0, 9)) ELSE 0 END AS part
WITH from_year, to_year, region_ids, regions, currency, stage, count(*) AS facts,
  sum(whole / 1000000000) AS high, sum(whole % 1000000000) AS low, sum(part) AS part,
  sum(CASE WHEN again THEN 0 ELSE whole / 1000000000 END) AS net_high,
  sum(CASE WHEN again THEN 0 ELSE whole % 1000000000 END) AS net_low,
  sum(CASE WHEN again THEN 0 ELSE part END) AS net_part,
  sum(CASE WHEN qualifier IS NULL THEN 0 ELSE 1 END) AS bounded,
  sum(CASE WHEN in_doubt THEN 1 ELSE 0 END) AS doubtful
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
RETURN from_year, to_year, region_ids, regions, currency, stage, facts,
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
  bounded,
  CASE
    WHEN $year IS NULL THEN null
    WHEN from_year IS NULL OR to_year IS NULL OR doubtful > 0 THEN 'possibly'
    ELSE 'yes'
  END AS holds
ORDER BY coalesce(from_year, to_year, 10000), coalesce(to_year, 10000), from_year IS NULL,
  region_ids, coalesce(currency, '~'), coalesce(stage, '~')
