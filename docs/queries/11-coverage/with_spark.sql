-- Coverage: how much of the catalogue is played, and how much is recommended
-- Of the tracks that can be played: the share that anybody has played, and the share that is in anybody's newest table.
WITH played AS (
  SELECT DISTINCT track_id FROM plays WHERE action = 'play'
), newest AS (
  SELECT recommendations
  FROM recommendations
  QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY version DESC) = 1
), offered AS (
  SELECT DISTINCT item.track_id FROM newest LATERAL VIEW explode(recommendations) AS item
)
SELECT count(*) AS playable,
       count(played.track_id) / nullif(count(*), 0) AS played_share,
       count(offered.track_id) / nullif(count(*), 0) AS recommended_share
FROM tracks
LEFT JOIN played ON played.track_id = tracks.track_id
LEFT JOIN offered ON offered.track_id = tracks.track_id
WHERE playable
