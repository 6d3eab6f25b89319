// name: degrees
// why: How many relationships to other things each thing has.
// slot: types
// param: ids list of string The things.
// returns: id string The thing.
// returns: degree integer Its number of relationships.
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN id, COUNT { (e)-[:__TYPES__]-() } AS degree
