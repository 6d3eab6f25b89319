// name: state
// why: Which seed and version the graph holds; no row in an empty database.
// returns: state map Properties of the state.
MATCH (g:GraphState {id: 'graph'})
RETURN properties(g) AS state
