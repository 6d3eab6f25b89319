// name: entity_ids
// why: The ids of things, in no order, many in a record: the driver reads each record from its connection by itself, and sorts no slower than the database.
// timeout_s: 600
// param: kinds list of string = null Kinds, each without its descendants; null: all.
// param: step integer How many ids a record holds.
// returns: ids list of string Some of the ids.
MATCH (e:Entity)
WHERE __NODE(e)__ AND ($kinds IS NULL OR e.kind IN $kinds)
WITH collect(e.id) AS ids
UNWIND range(0, size(ids) - 1, $step) AS start
RETURN ids[start..start + $step] AS ids
