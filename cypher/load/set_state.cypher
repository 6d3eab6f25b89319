// name: set_state
// why: What the graph holds, from this commit on.
// param: properties map The new values; a null removes one.
MATCH (g:GraphState {id: 'graph'})
SET g += $properties
