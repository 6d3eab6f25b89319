// name: fundings_to
// why: The fundings that go to some things, to export a part of the graph.
// timeout_s: 600
// param: ids list of string The things.
// returns: properties map Everything the funding carries.
UNWIND $ids AS id
MATCH (f:Funding)-[:GOES_TO]->(:Entity {id: id})
WHERE __NODE(f)__
WITH DISTINCT f
RETURN properties(f) AS properties
ORDER BY f.id
