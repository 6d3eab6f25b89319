// name: create_state
// why: The first load makes the one node that says what the graph holds.
// param: properties map The state.
CREATE (g:GraphState {id: 'graph'})
SET g += $properties
