// name: held_relationship_facts
// why: What is held of each relationship fact, to compare with a seed.
// timeout_s: 600
// returns: id string The fact.
// returns: hash string Content hash.
// returns: recorded_at string When it was recorded.
MATCH (:Entity)-[r]->(:Entity)
WHERE r.content_hash IS NOT NULL
RETURN r.fact_id AS id, r.content_hash AS hash, r.recorded_at AS recorded_at
