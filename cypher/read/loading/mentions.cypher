// name: mentions
// why: Which entities each document mentions.
// timeout_s: 600
// returns: document string The document.
// returns: entity string The entity.
MATCH (d:Document)-[:MENTIONS]->(e:Entity)
RETURN d.id AS document, e.id AS entity
