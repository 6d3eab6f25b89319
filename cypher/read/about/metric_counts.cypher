// name: metric_counts
// why: How many observations of each metric there are.
// returns: metric string The metric.
// returns: observations integer Their number.
MATCH (o:Observation)
WHERE __NODE(o)__
RETURN o.metric AS metric, count(o) AS observations
ORDER BY metric
