// name: attendance
// why: Who was at which event, and in which position: who may have spoken with whom.
// param: event entity = null Id, name or alias of an event; without it, every event.
// returns: event_id string The event.
// returns: event string Its name.
// returns: attendee_id string Who attended.
// returns: attendee string Their name.
// returns: attendee_kind string Person, Company, Group, ...
// returns: positions list of string For a person, each position that a source states and the organization's name; whether it was held on that day is not checked.
// returns: modality string actual or planned.
// returns: period string When.
// returns: fact_id string The fact.
MATCH (a:Entity)-[r:ATTENDED]->(e:Event)
WHERE $event IS NULL OR e.id = $event
OPTIONAL MATCH (a)-[h:HOLDS_POSITION]->(o:Entity)
WITH a, r, e, h, o
ORDER BY h.fact_id
WITH a, r, e, collect(h.role + ', ' + o.name) AS positions
RETURN e.id AS event_id, e.name AS event, a.id AS attendee_id, a.name AS attendee,
  a.kind AS attendee_kind, positions, r.modality AS modality, r.period AS period,
  r.fact_id AS fact_id
ORDER BY event_id, attendee_id, fact_id
