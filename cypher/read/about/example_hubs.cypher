// name: example_hubs
// why: Things with the most relationships that a fact states, by type.
// returns: id string The thing.
// returns: name string Its name.
// returns: relationships integer How many it has.
// returns: types list of string Their types.
MATCH (n:Entity)-[r]-(o:Entity)
WHERE __LINK(r)__ AND __NODE(n)__ AND __NODE(o)__
WITH n.id AS id, n.name AS name, type(r) AS type, count(r) AS of_type
ORDER BY type
WITH id, name, sum(of_type) AS relationships, collect(type) AS types
RETURN id, name, relationships, types
ORDER BY relationships DESC, id
LIMIT 10
