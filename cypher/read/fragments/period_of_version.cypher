coalesce(split(split(v.fact, '"period":"')[1], '"')[0], '')
