-- Skip rate by shelf and model version
-- Of the tracks that were started from a shelf and ended, the share that was skipped.
SELECT shelf,
       model_version,
       count(*) AS ended,
       avg(CAST(action = 'skip' AS DOUBLE)) AS skip_rate
FROM plays
WHERE action IN ('complete', 'skip') AND shelf IS NOT NULL
GROUP BY shelf, model_version
ORDER BY shelf, model_version
