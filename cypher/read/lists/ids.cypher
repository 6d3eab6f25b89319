// name: ids
// why: What an unknown id may have been meant to be.
// slot: label
// param: limit integer Most ids.
// returns: id string An id.
MATCH (n:__LABEL__)
WHERE __NODE(n)__
RETURN n.id AS id
LIMIT $limit
