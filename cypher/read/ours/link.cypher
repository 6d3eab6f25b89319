// What every relationship that stands for a fact carries, in the types it is written with.
// A type without NOT NULL takes what is not there too.
x.id IS :: STRING NOT NULL AND x.fact_id IS :: STRING NOT NULL AND x.recorded_at IS :: STRING NOT NULL
AND x.basis IS :: STRING NOT NULL AND x.modality IS :: STRING NOT NULL AND x.period_bounds IS :: STRING NOT NULL
AND x.evidence IS :: LIST<STRING NOT NULL> NOT NULL AND x.documents IS :: LIST<STRING NOT NULL> NOT NULL
AND x.period IS :: STRING AND x.amount IS :: STRING
