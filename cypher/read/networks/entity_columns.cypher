// name: entity_columns
// why: What some things are and are called, as columns in one record; a null would be left out of its column, so none is.
// timeout_s: 600
// param: ids list of string The things.
// returns: ids list of string Their ids, in no order; the other columns go with it.
// returns: kinds list of string Their kinds.
// returns: names list of string Their names.
// returns: names_en list of string Their English names; empty where there is none.
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN
  collect(e.id) AS ids,
  collect(coalesce(e.kind, '')) AS kinds,
  collect(coalesce(e.name, '')) AS names,
  collect(coalesce(e.name_en, '')) AS names_en
