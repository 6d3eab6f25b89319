// name: versions_by_instant
// why: What was held once and is no more, in the order in which it began or ended, a page at a time.
// slot: label
// slot: at
// slot: thing
// slot: period
// param: rank string Where such things stand among the changes of one load.
// param: since string = null Only after this instant.
// param: until string = null Only up to this instant.
// param: periods list of string = null Only facts with one of these periods; empty stands for none.
// param: after_key string = null Sort key of the last row seen.
// param: after_id string = null Id of the last thing seen.
// param: limit integer Most rows.
// returns: properties map Everything each version carries.
// returns: key string Sort key.
MATCH (v:__LABEL__)
WHERE __NODE(v)__ AND ($since IS NULL OR v.__AT__ > $since) AND ($until IS NULL OR v.__AT__ <= $until)
  AND ($periods IS NULL OR __PERIOD__ IN $periods)
WITH v, v.__AT__ + $rank AS key
WHERE $after_key IS NULL OR key > $after_key OR (key = $after_key AND v.__THING__ > $after_id)
RETURN properties(v) AS properties, key
ORDER BY key, v.__THING__
LIMIT $limit
