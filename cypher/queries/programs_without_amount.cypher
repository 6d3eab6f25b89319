// name: programs_without_amount
// why: Programs for which no source states a sum: none goes to them, and none runs under them. Who is said to fund them all the same is beside it.
// returns: id string The program.
// returns: name string Its name.
// returns: funders list of string Names of those who fund it, without a sum.
// returns: basis list of string Whether sources state that they do, or a rule draws it.
// returns: documents integer How many documents name it.
OPTIONAL MATCH (f:Funding)
WHERE f.program IS NOT NULL
WITH collect(DISTINCT f.program) AS by_funding
OPTIONAL MATCH (:Entity)-[r]->(:Entity)
WHERE r.amount IS NOT NULL AND r.program IS NOT NULL
WITH by_funding, collect(DISTINCT r.program) AS by_relationship
MATCH (p:Program)
WHERE NOT p.id IN by_funding AND NOT p.id IN by_relationship
  AND NOT EXISTS { MATCH (p)<-[:GOES_TO]-(:Funding) }
  AND NOT EXISTS { MATCH (p)<-[x]-(:Entity) WHERE x.amount IS NOT NULL }
OPTIONAL MATCH (funder:Entity)-[r:FUNDS]->(p)
WITH p, r, funder
ORDER BY funder.id, r.id
WITH p, collect(DISTINCT funder.name) AS funders, collect(DISTINCT r.basis) AS basis
OPTIONAL MATCH (d:Document)-[:MENTIONS]->(p)
RETURN p.id AS id, p.name AS name, funders, basis, count(d) AS documents
ORDER BY id
