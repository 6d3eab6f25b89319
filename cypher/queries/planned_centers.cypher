// name: planned_centers
// why: What is planned and, as far as the sources say, not yet open: something is to establish it, or a date is planned for it, and no source says that it has opened. As of a day: what that day does not rule out, with whether it is sure.
// param: as_of date = null The day it was not yet open on; without it, what no source says has opened.
// param: kind string = "Center" The kind of thing, or an ancestor of it.
// returns: id string The center.
// returns: name string Its name.
// returns: founders list of string Names of those who plan to establish it.
// returns: dates list of string Planned dates (EDTF), each after the name of its metric.
// returns: opened list of string Stated opening dates (EDTF), of what has opened since as_of or on a date in doubt.
// returns: holds string yes: a stated or planned opening lies after the day, without doubt; possibly: the day does not rule it out; null without a day.
MATCH (c:Entity)
WHERE $kind IN labels(c)
OPTIONAL MATCH (c)-[:HAS_OBSERVATION]->(o:Observation)
WHERE o.metric = 'opening_date' AND o.modality IN ['actual', 'planned']
WITH c, o, split(replace(replace(replace(o.value, '?', ''), '~', ''), '%', ''), '/') AS sides,
  o.value CONTAINS '?' OR o.value CONTAINS '~' OR o.value CONTAINS '%' OR o.value CONTAINS 'X' AS doubtful
WITH c, o, doubtful, split(sides[0], '-X')[0] AS early, split(last(sides), '-X')[0] AS late
WITH c, o, doubtful,
  CASE WHEN early CONTAINS 'X' OR early IN ['..', ''] THEN null ELSE early END AS early,
  CASE WHEN late CONTAINS 'X' OR late IN ['..', ''] THEN null ELSE late END AS late
WITH c, o,
  $as_of IS NULL OR coalesce(late < left($as_of, size(late)) OR late = $as_of, false) AS over,
  NOT doubtful AND coalesce(early > left($as_of, size(early)), false) AS ahead
ORDER BY o.value
WITH c, collect(DISTINCT CASE WHEN o.modality = 'actual' THEN o.value ELSE null END) AS opened,
  sum(CASE WHEN o.modality = 'actual' AND over THEN 1 ELSE 0 END) AS past,
  sum(CASE WHEN o.modality = 'actual' AND ahead THEN 1 ELSE 0 END) AS later,
  sum(CASE WHEN o.modality = 'planned' AND ahead THEN 1 ELSE 0 END) AS due
WHERE past = 0
OPTIONAL MATCH (founder:Entity)-[e:ESTABLISHES]->(c)
WHERE e.modality = 'planned'
WITH c, opened, later, due, founder
ORDER BY founder.id
WITH c, opened, later, due, collect(DISTINCT founder.name) AS founders
OPTIONAL MATCH (c)-[:HAS_OBSERVATION]->(o:Observation)
WHERE o.modality = 'planned'
  AND o.metric IN ['groundbreaking_date', 'completion_date', 'establishment_date', 'opening_date']
WITH c, opened, later, due, founders, o
ORDER BY o.metric, o.value
WITH c, opened, later, due, founders, collect(DISTINCT o.metric + ' ' + o.value) AS dates
WHERE size(founders) > 0 OR size(dates) > 0
RETURN c.id AS id, c.name AS name, founders, dates, opened,
  CASE
    WHEN $as_of IS NULL THEN null
    WHEN later > 0 OR (size(opened) = 0 AND due > 0) THEN 'yes'
    ELSE 'possibly'
  END AS holds
ORDER BY id
