WITH week AS (
  SELECT track_id
  FROM plays
  WHERE action = 'complete'
    AND source <> 'simulation'
    AND event_time > (SELECT max(event_time) FROM plays) - INTERVAL 7 DAYS
), counted AS (
  SELECT track_id, count(*) AS listens FROM week GROUP BY track_id
)
SELECT genre, title, artist, listens
FROM counted JOIN tracks USING (track_id)
QUALIFY row_number() OVER (PARTITION BY genre ORDER BY listens DESC, track_id) <= 10
ORDER BY genre, listens DESC, title
