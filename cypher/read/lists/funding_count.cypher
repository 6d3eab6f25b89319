// name: funding_count
// why: How many fundings a filter leaves.
// slot: filter
// param: funder string = null Id of a funder.
// param: recipient string = null Id of a recipient.
// param: program string = null Id of the program.
// param: min_amount_krw integer = null Least amount in won.
// param: max_amount_krw integer = null Largest amount in won.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// returns: total integer Their number.
MATCH (r:Funding)
WHERE __NODE(r)__ AND __FILTER__
RETURN count(r) AS total
