WITH firsts AS (
  SELECT user_id, min(event_time)::DATE AS day
  FROM plays
  WHERE source <> 'simulation'
  GROUP BY user_id
)
SELECT day, count(*) AS new_listeners, sum(count(*)) OVER (ORDER BY day) AS listeners_so_far
FROM firsts
GROUP BY day
ORDER BY day
