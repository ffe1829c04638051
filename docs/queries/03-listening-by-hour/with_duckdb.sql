SELECT hour(event_time) AS hour, sum(played_ms) / 3600000.0 AS hours_heard, count(DISTINCT user_id) AS listeners
FROM plays
WHERE action IN ('complete', 'skip')
GROUP BY hour(event_time)
ORDER BY hour
