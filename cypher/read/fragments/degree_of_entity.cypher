COUNT { (e)-[r]-(o:Entity) WHERE r.recorded_at IS NOT NULL AND o.content_hash IS NOT NULL }
