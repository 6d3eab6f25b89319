// name: schema_relationships
// why: Which types and properties relationships have; those of the same make in one row, in no order.
// timeout_s: 120
// returns: type string Their type.
// returns: held list of string Each property, a blank, and the type of its value.
// returns: count integer How many there are.
MATCH ()-[r]->()
RETURN
  type(r) AS type,
  [key IN keys(r) | key + ' ' +
    CASE WHEN r[key] IS :: LIST<STRING> THEN 'LIST OF STRING' ELSE valueType(r[key]) END
  ] AS held,
  count(*) AS count
