($as_of IS NULL OR ((r.valid_from IS NULL OR r.valid_from <= $as_of) AND (r.valid_to IS NULL OR r.valid_to >= $as_of)))
  AND (NOT $certain_only OR (r.period_bounds = 'exact' AND NOT r.period CONTAINS '?' AND NOT r.period CONTAINS '~' AND NOT r.period CONTAINS '%' AND NOT r.period CONTAINS 'X'))
