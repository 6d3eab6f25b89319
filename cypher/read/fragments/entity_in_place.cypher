MATCH (:Entity {id: $place})<-[:LOCATED_IN*1..6]-(e:__LABEL__)
WITH DISTINCT e
