// name: relationship_columns
// why: The relationships that leave a batch of things, filtered, as columns in one record: the driver's cost is by record. A null would be left out of its column, so none is.
// timeout_s: 600
// slot: types
// slot: holds
// param: ids list of string The things they start from.
// param: kinds list of string = null Kinds of the things they end at, each without its descendants; null: all.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: basis string = null stated or implied.
// param: modality string = null actual or planned.
// param: stage string = null Stage of the sum.
// param: min_amount_krw integer = null Least amount in won.
// returns: sources list of string Ids of the subjects, in no order; the other columns go with it.
// returns: targets list of string Ids of the objects.
// returns: types list of string Relationship types.
// returns: amounts list of integer Amounts in won; -1 where none is stated.
// returns: first_days list of string First days; empty where open or unknown.
// returns: last_days list of string Last days; empty where open or unknown.
// returns: facts list of string Ids of the facts.
// returns: documents list of string The first document of each fact; empty where it has none.
UNWIND $ids AS id
MATCH (s:Entity {id: id})-[r:__TYPES__]->(o:Entity)
WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL
  AND ($kinds IS NULL OR o.kind IN $kinds)
  AND ($basis IS NULL OR r.basis = $basis)
  AND ($modality IS NULL OR r.modality = $modality)
  AND ($stage IS NULL OR r.stage = $stage)
  AND ($min_amount_krw IS NULL OR r.amount_krw >= $min_amount_krw)
  AND __HOLDS__
RETURN
  collect(id) AS sources,
  collect(o.id) AS targets,
  collect(type(r)) AS types,
  collect(coalesce(r.amount_krw, -1)) AS amounts,
  collect(coalesce(r.valid_from, '')) AS first_days,
  collect(coalesce(r.valid_to, '')) AS last_days,
  collect(r.fact_id) AS facts,
  collect(coalesce(r.documents[0], '')) AS documents
