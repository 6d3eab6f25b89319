// name: heartbeat
// why: A lookup that costs next to nothing, to see whether the database answers at all.
// timeout_s: 3
// returns: version integer The graph's version; no row in an empty database.
MATCH (g:GraphState {id: 'graph'})
RETURN g.version AS version
