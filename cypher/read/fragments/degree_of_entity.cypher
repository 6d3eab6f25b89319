COUNT { (e)-[r]-(:Entity) WHERE r.fact_id IS NOT NULL }
