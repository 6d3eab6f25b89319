// name: beat
// why: A first load in batches shows that it lives; no row means that another load took over.
// param: writer string Id of this load.
// param: beat integer Number of the batch.
MATCH (g:GraphState {id: 'graph', writer: $writer})
SET g.beat = $beat
RETURN g.beat AS beat
