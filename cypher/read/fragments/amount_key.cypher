coalesce(r.amount_krw, -1)
