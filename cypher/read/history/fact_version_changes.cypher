// name: fact_version_changes
// why: Which facts began or ended between two instants of those that are held no more, with one of some periods.
// slot: at
// slot: period
// timeout_s: 60
// param: since string = null Only after this instant.
// param: until string = null Only up to this instant.
// param: periods list of string Only with one of these periods; empty stands for none.
// returns: id string The fact.
// returns: at string When it began or ended.
// returns: change string Why it is held no more: changed, or retracted.
MATCH (v:FactVersion)
WHERE __NODE(v)__ AND ($since IS NULL OR v.__AT__ > $since) AND ($until IS NULL OR v.__AT__ <= $until)
  AND __PERIOD__ IN $periods
RETURN v.fact_id AS id, v.__AT__ AS at, v.change AS change
