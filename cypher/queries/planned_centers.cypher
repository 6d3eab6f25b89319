// name: planned_centers
// why: What is planned and, as far as the sources say, not yet open: something is to establish it, or a date is planned for it, and no source says that it has opened.
// param: kind string = "Center" The kind of thing, or an ancestor of it.
// returns: id string The center.
// returns: name string Its name.
// returns: founders list of string Names of those who plan to establish it.
// returns: dates list of string Planned dates (EDTF), each after the name of its metric.
MATCH (c:Entity)
WHERE $kind IN labels(c)
  AND NOT EXISTS {
    MATCH (c)-[:HAS_OBSERVATION]->(done:Observation)
    WHERE done.metric = 'opening_date' AND done.modality = 'actual'
  }
OPTIONAL MATCH (founder:Entity)-[e:ESTABLISHES]->(c)
WHERE e.modality = 'planned'
WITH c, founder
ORDER BY founder.id
WITH c, collect(DISTINCT founder.name) AS founders
OPTIONAL MATCH (c)-[:HAS_OBSERVATION]->(o:Observation)
WHERE o.modality = 'planned'
  AND o.metric IN ['groundbreaking_date', 'completion_date', 'opening_date']
WITH c, founders, o
ORDER BY o.metric, o.value
WITH c, founders, collect(DISTINCT o.metric + ' ' + o.value) AS dates
WHERE size(founders) > 0 OR size(dates) > 0
RETURN c.id AS id, c.name AS name, founders, dates
ORDER BY id
