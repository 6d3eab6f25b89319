// name: delete_some
// why: Clears what an interrupted first load left, in transactions of bounded size.
// slot: label
// param: limit integer Most nodes of one transaction.
MATCH (n:__LABEL__)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted
