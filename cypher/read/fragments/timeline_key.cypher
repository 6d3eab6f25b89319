CASE
  WHEN r.valid_from IS NOT NULL OR r.valid_to IS NOT NULL THEN '0' + coalesce(r.valid_from, r.valid_to) + coalesce(r.valid_to, 'open')
  WHEN r.period CONTAINS 'X' THEN '1' + r.period
  ELSE '2'
END
