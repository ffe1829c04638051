-- New listeners a day
-- A listener is new on the day of their first event.
WITH firsts AS (
  SELECT user_id, to_date(min(event_time)) AS day
  FROM plays
  WHERE source <> 'simulation'
  GROUP BY user_id
)
SELECT day, count(*) AS new_listeners, sum(count(*)) OVER (ORDER BY day) AS listeners_so_far
FROM firsts
GROUP BY day
ORDER BY day
