// name: entity_count
// why: How many things a filter leaves.
// slot: label
// param: prefix string = null Start of a name, an English name or an alias, in lower case.
// param: place string = null Id of a place or local government that holds the thing.
// returns: total integer Their number.
MATCH (e:__LABEL__)
WHERE ($prefix IS NULL
    OR toLower(e.name) STARTS WITH $prefix
    OR toLower(e.name_en) STARTS WITH $prefix
    OR any(alias IN e.aliases WHERE toLower(alias) STARTS WITH $prefix))
  AND ($place IS NULL OR EXISTS { (e)-[:LOCATED_IN*1..4]->(:Entity {id: $place}) })
RETURN count(e) AS total
