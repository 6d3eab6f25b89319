// name: schema_nodes
// why: Which labels and properties nodes have; those of the same make in one row, in no order.
// timeout_s: 120
// returns: labels list of string Their labels.
// returns: held list of string Each property, a blank, and the type of its value.
// returns: count integer How many there are.
MATCH (n)
RETURN
  labels(n) AS labels,
  [key IN keys(n) | key + ' ' +
    CASE WHEN n[key] IS :: LIST<STRING> THEN 'LIST OF STRING' ELSE valueType(n[key]) END
  ] AS held,
  count(*) AS count
