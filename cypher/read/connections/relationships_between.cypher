// name: relationships_between
// why: All relationships that join pairs of things, whichever is the subject; both ends are looked up, lest a hub's relationships are walked through.
// slot: types
// slot: holds
// param: pairs list of map The ids of two things each: `one` and `other`.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: subject string Id of the subject.
// returns: type string Relationship type.
// returns: object string Id of the object.
// returns: properties map Everything the relationship carries.
UNWIND $pairs AS pair
MATCH (a:Entity {id: pair.one}), (b:Entity {id: pair.other})
MATCH (a)-[r:__TYPES__]-(b)
WHERE __LINK(r)__ AND __HOLDS__
RETURN startNode(r).id AS subject, type(r) AS type, endNode(r).id AS object, properties(r) AS properties
ORDER BY r.id
