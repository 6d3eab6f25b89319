// name: take_over
// why: Of all loads that found the same dead one, the first to commit takes its place; for the others there is no row.
// param: writer string Id of this load.
// param: dead_writer string Id of the load that fell silent.
// param: dead_beat integer Its last batch.
// param: properties map The state of this load.
MATCH (g:GraphState {id: 'graph'})
SET g.turn = $writer
WITH g
WHERE g.writer = $dead_writer AND g.beat = $dead_beat AND g.phase = 'loading'
SET g += $properties
RETURN g.writer AS writer
