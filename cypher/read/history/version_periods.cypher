// name: version_periods
// why: Every period that facts had which are held no more, as it stands in their JSON; empty where they had none.
// slot: period
// timeout_s: 60
// returns: period string The period (EDTF).
MATCH (v:FactVersion)
WHERE __NODE(v)__
WITH DISTINCT __PERIOD__ AS period
RETURN period
ORDER BY period
