// name: take_turn
// why: Writing to the state first makes loads queue (Neo4j locks the node, the embedded engine refuses the slower commit); the version read after it is the one the plan must have been made for.
// param: writer string Id of this load.
MATCH (g:GraphState {id: 'graph'})
SET g.turn = $writer
WITH g
RETURN g.version AS version, g.phase AS phase
