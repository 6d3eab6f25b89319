COUNT { (e)-[r]-(o:Entity) WHERE r.fact_id IS NOT NULL AND o.content_hash IS NOT NULL }
