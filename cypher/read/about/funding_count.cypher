// name: funding_count
// why: How many fundings there are.
// returns: fundings integer Their number.
MATCH (f:Funding)
WHERE __NODE(f)__
RETURN count(f) AS fundings
