MATCH (e:Entity {id: $entity})-[r]-(:Entity)
WITH DISTINCT r, startNode(r) AS s, endNode(r) AS o
