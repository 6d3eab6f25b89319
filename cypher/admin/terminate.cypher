// name: terminate
// why: Ends what a statement began, from another connection than its own; its transaction is known by its metadata. Neo4j only; every user may end what is theirs.
// timeout_s: 10
// param: statement string The mark that the transaction carries.
// returns: message string What the database says to each.
SHOW TRANSACTIONS YIELD transactionId AS running, metaData
WHERE metaData.graphsvc = $statement
TERMINATE TRANSACTIONS running YIELD message
RETURN message
