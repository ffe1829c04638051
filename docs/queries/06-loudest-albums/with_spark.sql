-- The ten loudest and the ten quietest albums
-- The mean of the loudness of their tracks; albums of one track are left out.
WITH loudness AS (
  SELECT album, artist, count(*) AS tracks, avg(loudness_lufs) AS loudness_lufs
  FROM track_features JOIN tracks USING (track_id)
  WHERE album_id IS NOT NULL AND loudness_lufs IS NOT NULL
  GROUP BY album_id, album, artist
  HAVING count(*) > 1
)
SELECT album, artist, tracks, loudness_lufs
FROM loudness
QUALIFY row_number() OVER (ORDER BY loudness_lufs DESC, album) <= 10
     OR row_number() OVER (ORDER BY loudness_lufs, album) <= 10
ORDER BY loudness_lufs DESC, album
