// name: positions
// why: Who holds which position where, as the sources word it.
// param: organization entity = null Id, name or alias of an organization; without it, every one.
// returns: person_id string The person.
// returns: person string Their name.
// returns: role string The position, as the source words it.
// returns: role_en string The position in English.
// returns: organization_id string Where it is held.
// returns: organization string Its name.
// returns: organization_kind string Its kind.
// returns: modality string actual or planned.
// returns: period string When it holds; null where no source says.
// returns: documents list of string The documents that state it.
// returns: fact_id string The fact.
MATCH (p:Person)-[r:HOLDS_POSITION]->(o:Entity)
WHERE $organization IS NULL OR o.id = $organization
RETURN p.id AS person_id, p.name AS person, r.role AS role, r.role_en AS role_en,
  o.id AS organization_id, o.name AS organization, o.kind AS organization_kind,
  r.modality AS modality, r.period AS period, r.documents AS documents, r.fact_id AS fact_id
ORDER BY organization_id, person_id, fact_id
