// name: partners_of_partners
// why: Whom one might be introduced to: those who are no partners of an organization, but partners of its partners. Partners are those of whom a source says so, and those who signed the same agreement.
// param: organization entity = null Id, name or alias of an organization; without it, every one.
// returns: organization_id string The organization.
// returns: organization string Its name.
// returns: candidate_id string A partner of its partners.
// returns: candidate string Its name.
// returns: candidate_kind string Its kind.
// returns: shared integer How many partners they have in common.
// returns: through list of string Their names.
MATCH (a:Organization)-[:PARTNERS_WITH|SIGNED]-(x:Entity)
WHERE $organization IS NULL OR a.id = $organization
OPTIONAL MATCH (x)<-[:SIGNED]-(cosigner:Entity)
WITH a, CASE WHEN 'Agreement' IN labels(x) THEN cosigner ELSE x END AS partner
WHERE partner.id <> a.id
WITH a, collect(DISTINCT partner) AS partners
UNWIND partners AS partner
MATCH (partner)-[:PARTNERS_WITH|SIGNED]-(y:Entity)
OPTIONAL MATCH (y)<-[:SIGNED]-(cosigner:Entity)
WITH a, partners, partner, CASE WHEN 'Agreement' IN labels(y) THEN cosigner ELSE y END AS candidate
WHERE candidate.id <> a.id AND candidate.id <> partner.id
  AND NOT candidate.id IN [known IN partners | known.id]
WITH DISTINCT a, partner, candidate
ORDER BY partner.id
WITH a, candidate, collect(partner.name) AS through
RETURN a.id AS organization_id, a.name AS organization, candidate.id AS candidate_id,
  candidate.name AS candidate, candidate.kind AS candidate_kind, size(through) AS shared, through
ORDER BY organization_id, shared DESC, candidate_id
