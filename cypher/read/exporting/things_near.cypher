// name: things_near
// why: What is one relationship away from some things, and when that holds, to export a neighbourhood.
// timeout_s: 600
// param: ids list of string The things.
// returns: id string A neighbour; it comes again for each relationship.
// returns: period string When the relationship holds.
// returns: recorded_at string When it was recorded.
UNWIND $ids AS id
MATCH (:Entity {id: id})-[r]-(o:Entity)
WHERE __LINK(r)__ AND __NODE(o)__
RETURN o.id AS id, r.period AS period, r.recorded_at AS recorded_at
