// name: neighbours
// why: The first relationships of one type that each thing has in one direction: largest sum in won, then latest.
// slot: step
// slot: types
// slot: holds
// slot: amount
// slot: recency
// param: ids map By relationship type: the things.
// param: kinds list of string = null Kinds that the things at the other ends are of.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: limit integer Most relationships of each thing.
// returns: id string The thing.
// returns: other string Id of the thing at the other end.
// returns: relationship string Id of the relationship.
// returns: type string Its type.
// returns: amount integer Its own sum in won, or -1.
// returns: recency string The first day it holds, or the last, or nothing.
UNWIND $ids.__TYPES__ AS id
CALL (id) {
  MATCH (s:Entity {id: id})__STEP__(o)
  WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL AND ($kinds IS NULL OR o.kind IN $kinds) AND __HOLDS__
  RETURN o.id AS other, r.id AS relationship, type(r) AS type, __AMOUNT__ AS amount, __RECENCY__ AS recency
  ORDER BY amount DESC, recency DESC, relationship
  LIMIT $limit
}
RETURN id, other, relationship, type, amount, recency
