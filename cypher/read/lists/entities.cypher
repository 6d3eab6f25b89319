// name: entities
// why: Things, filtered, a page at a time.
// slot: match
// slot: filter
// slot: down
// slot: up
// param: prefix string = null Start of a name, an English name or an alias, in lower case.
// param: place string = null Id of a place or local government that holds the thing.
// param: after_down string = null Descending sort key of the last row seen (an integer when sorted by degree).
// param: after_up string = null Ascending sort key of the last row seen.
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: properties map Everything the node carries.
// returns: down any Descending sort key.
// returns: up string Ascending sort key.
__MATCH__
WHERE __NODE(e)__ AND (__FILTER__)
WITH e, __DOWN__ AS down, __UP__ AS up
WHERE $after_id IS NULL
  OR down < $after_down
  OR (down = $after_down AND (up > $after_up OR (up = $after_up AND e.id > $after_id)))
RETURN properties(e) AS properties, down, up
ORDER BY down DESC, up, e.id
LIMIT $limit
