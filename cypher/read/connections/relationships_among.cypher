// name: relationships_among
// why: The relationships that join some things with each other: largest sum in won first, then latest.
// slot: step
// slot: holds
// slot: amount
// slot: recency
// param: ids list of string The things.
// param: among map A key for each of them.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: limit integer Most relationships.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
UNWIND $ids AS id
MATCH (s:Entity {id: id})__STEP__(o)
WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL AND $among[o.id] IS NOT NULL AND __HOLDS__
WITH id, r, o
ORDER BY __AMOUNT__ DESC, __RECENCY__ DESC, r.id
LIMIT $limit
RETURN id AS subject, type(r) AS type, o.id AS object, properties(r) AS properties
