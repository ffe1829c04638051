-- Share of each genre in what is recommended and in what is played
-- Recommended is the newest table of each listener, played is what was heard to its end.
WITH newest AS (
  SELECT recommendations
  FROM recommendations
  QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY version DESC) = 1
), offered AS (
  SELECT item.track_id FROM newest LATERAL VIEW explode(recommendations) AS item
), counted AS (
  SELECT coalesce(genre, 'unknown') AS genre, 1 AS offered, 0 AS heard FROM offered JOIN tracks USING (track_id)
  UNION ALL
  SELECT coalesce(genre, 'unknown'), 0, 1 FROM plays JOIN tracks USING (track_id) WHERE action = 'complete'
)
SELECT genre,
       sum(offered) / nullif(sum(sum(offered)) OVER (), 0) AS recommended_share,
       sum(heard) / nullif(sum(sum(heard)) OVER (), 0) AS played_share
FROM counted
GROUP BY genre
ORDER BY recommended_share DESC, genre
