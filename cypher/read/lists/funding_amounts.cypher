// name: funding_amounts
// why: The sums of fundings, to show beside the relationships that they made.
// param: ids list of string The fundings.
// returns: id string The funding.
// returns: amount string The sum.
// returns: currency string Its currency.
UNWIND $ids AS id
MATCH (f:Funding {id: id})
RETURN f.id AS id, f.amount AS amount, f.currency AS currency
