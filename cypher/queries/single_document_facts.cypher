// name: single_document_facts
// why: Facts that rest on a single document: if it errs, nothing here says so. Sums first, for they are quoted most.
// param: document string = null Id of a document; without it, every document.
// param: what string = "FUNDS" A relationship type or a metric, such as SUPPORTS or exports; FUNDS takes in fundings; "everything" for every fact.
// returns: fact_id string The fact.
// returns: form string relationship, funding or observation.
// returns: what string Relationship type, or metric; FUNDS for a funding.
// returns: subjects list of string Names of the subject, or of the funders.
// returns: objects list of string Names of the object, or of the recipients; of the program, where a funding states no recipient.
// returns: amount string The sum, where one is stated.
// returns: currency string Its currency.
// returns: period string When it holds.
// returns: document string The document.
OPTIONAL MATCH (s:Entity)-[r]->(o:Entity)
WHERE r.funding_id IS NULL AND size(r.documents) = 1
  AND ($document IS NULL OR $document IN r.documents) AND $what IN [type(r), 'everything']
WITH collect(r {.fact_id, .amount, .currency, .period, .documents, form: 'relationship', what: type(r), subjects: [s.name], objects: [o.name]}) AS relationships
OPTIONAL MATCH (f:Funding)
WHERE size(f.documents) = 1
  AND ($document IS NULL OR $document IN f.documents) AND $what IN ['FUNDS', 'everything']
OPTIONAL MATCH (f)-[:CONTRIBUTES|GOES_TO]-(e:Entity)
WITH relationships, f, e
ORDER BY e.id
WITH relationships, f, collect(DISTINCT e) AS parties
WITH relationships, collect(f {.fact_id, .amount, .currency, .period, .documents, form: 'funding', what: 'FUNDS', subjects: [party IN parties WHERE party.id IN f.funders | party.name], objects: [party IN parties WHERE party.id IN f.recipients OR (size(f.recipients) = 0 AND party.id = f.program) | party.name]}) AS fundings
OPTIONAL MATCH (s:Entity)-[:HAS_OBSERVATION]->(o:Observation)
WHERE size(o.documents) = 1
  AND ($document IS NULL OR $document IN o.documents) AND $what IN [o.metric, 'everything']
WITH relationships, fundings, collect(o {.fact_id, .amount, .currency, .period, .documents, form: 'observation', what: o.metric, subjects: [s.name], objects: []}) AS observations
UNWIND relationships + fundings + observations AS fact
RETURN fact.fact_id AS fact_id, fact.form AS form, fact.what AS what, fact.subjects AS subjects,
  fact.objects AS objects, fact.amount AS amount, fact.currency AS currency,
  fact.period AS period, fact.documents[0] AS document
ORDER BY CASE WHEN fact.amount IS NULL THEN 1 ELSE 0 END, fact_id
