// name: program_breadth
// why: Who takes part in most programs, in whatever way a source says: by funding, announcing, running, carrying out, taking part in or being selected for a program, or by any fact that runs under one, such as being supported by it.
// param: kind string = "Organization" The kind of thing, or an ancestor of it.
// param: planned boolean = true Whether what is only planned counts too.
// param: least integer = 1 Fewest programs.
// returns: id string The organization.
// returns: name string Its name.
// returns: kind string Its kind.
// returns: programs integer In how many programs it takes part.
// returns: names list of string Their names.
MATCH (e:Entity)-[r]-(o)
WHERE $kind IN labels(e) AND type(r) <> 'POSSIBLY_SAME' AND ($planned OR r.modality = 'actual')
  AND ('Program' IN labels(o) OR r.program IS NOT NULL)
WITH e, CASE WHEN 'Program' IN labels(o) THEN [o.id] ELSE [] END
  + CASE WHEN r.program IS NULL THEN [] ELSE [r.program] END AS ids
UNWIND ids AS id
WITH DISTINCT e, id
MATCH (p:Program {id: id})
WITH e, p
ORDER BY p.id
WITH e, collect(p.name) AS names
WHERE size(names) >= $least
RETURN e.id AS id, e.name AS name, e.kind AS kind, size(names) AS programs, names
ORDER BY programs DESC, id
