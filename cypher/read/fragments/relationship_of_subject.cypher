MATCH (s:Entity {id: $subject})-[r]->(o:Entity)
