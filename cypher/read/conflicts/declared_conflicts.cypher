// name: declared_conflicts
// why: Facts of which their curator says that another gives a different account.
// timeout_s: 600
// returns: fact_id string The fact.
// returns: others list of string The facts that it conflicts with.
MATCH (:Entity)-[r]->(:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__ AND r.conflicts_with IS NOT NULL
RETURN r.fact_id AS fact_id, r.conflicts_with AS others
UNION ALL
MATCH (n:Funding)
WHERE __NODE(n)__ AND n.conflicts_with IS NOT NULL
RETURN n.fact_id AS fact_id, n.conflicts_with AS others
UNION ALL
MATCH (n:Observation)
WHERE __NODE(n)__ AND n.conflicts_with IS NOT NULL
RETURN n.fact_id AS fact_id, n.conflicts_with AS others
