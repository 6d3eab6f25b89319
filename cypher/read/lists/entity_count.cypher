// name: entity_count
// why: How many things a filter leaves.
// slot: match
// slot: filter
// param: prefix string = null Start of a name, an English name or an alias, in lower case.
// param: place string = null Id of a place or local government that holds the thing.
// returns: total integer Their number.
__MATCH__
WHERE __NODE(e)__ AND (__FILTER__)
RETURN count(e) AS total
