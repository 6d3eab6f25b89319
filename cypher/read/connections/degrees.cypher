// name: degrees
// why: How many relationships to other things each thing has.
// slot: types
// param: ids list of string The things.
// returns: id string The thing.
// returns: degree integer Its number of relationships.
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN id, COUNT { (e)-[r:__TYPES__]-(o) WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL } AS degree
