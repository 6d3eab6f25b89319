coalesce(r.valid_from, '')
