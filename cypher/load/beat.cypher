// name: beat
// why: A first load in batches shows that it lives; no row means that another load took over. Writing the turn first locks the node, so that what is compared after it is what the last commit left.
// param: writer string Id of this load.
// param: beat integer Number of the batch.
MATCH (g:GraphState {id: 'graph'})
SET g.turn = $writer
WITH g
WHERE g.writer = $writer AND g.phase = 'loading'
SET g.beat = $beat
RETURN g.beat AS beat
