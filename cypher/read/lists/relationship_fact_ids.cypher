// name: relationship_fact_ids
// why: What an unknown id of a fact may have been meant to be.
// param: limit integer Most ids.
// returns: id string A fact that a relationship carries.
MATCH (:Entity)-[r]->(:Entity)
WHERE r.content_hash IS NOT NULL AND __LINK(r)__
RETURN r.fact_id AS id
LIMIT $limit
