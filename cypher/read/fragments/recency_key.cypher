coalesce(r.valid_from, r.valid_to, '')
