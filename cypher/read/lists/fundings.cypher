// name: fundings
// why: Sums with several or unstated parties, filtered, a page at a time.
// slot: filter
// slot: key
// param: funder string = null Id of a funder.
// param: recipient string = null Id of a recipient.
// param: program string = null Id of the program.
// param: min_amount_krw integer = null Least amount in won.
// param: max_amount_krw integer = null Largest amount in won.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: after_key string = null Sort key of the last row seen (an integer when sorted by amount).
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: properties map Everything the node carries.
// returns: key any Sort key.
MATCH (r:Funding)
WHERE __NODE(r)__ AND __FILTER__
WITH r, __KEY__ AS key
WHERE $after_id IS NULL OR key < $after_key OR (key = $after_key AND r.id > $after_id)
RETURN properties(r) AS properties, key
ORDER BY key DESC, r.id
LIMIT $limit
