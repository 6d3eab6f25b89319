// name: documents
// why: Sources, a page at a time.
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: properties map Everything the node carries.
MATCH (d:Document)
WHERE __NODE(d)__ AND ($after_id IS NULL OR d.id > $after_id)
RETURN properties(d) AS properties
ORDER BY d.id
LIMIT $limit
