MATCH (e:Entity {id: $id})-[r]-(:Entity)
