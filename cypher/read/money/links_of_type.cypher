// name: links_of_type
// why: Which things a relationship type joins, by which facts: all of them, for a walk from link to link.
// timeout_s: 600
// slot: type
// slot: holds
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: fact_id string The fact.
// returns: subject string Id of the subject.
// returns: object string Id of the object.
// returns: object_kind string Kind of the object.
MATCH (s:Entity)-[r:__TYPE__]->(o:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND __NODE(s)__ AND __NODE(o)__ AND __HOLDS__
RETURN r.fact_id AS fact_id, s.id AS subject, o.id AS object, o.kind AS object_kind
ORDER BY fact_id
