// name: documents_by_id
// why: Documents by their ids: the sources of some facts, and what a change supersedes.
// timeout_s: 600
// param: ids list of string The documents.
// returns: properties map Everything each node carries.
UNWIND $ids AS id
MATCH (d:Document {id: id})
RETURN properties(d) AS properties
ORDER BY d.id
