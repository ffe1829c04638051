-- The tracks that sound most like one track
-- The dot product of two sounds of the same version is close to their cosine: 1 is the same sound.
SELECT other.track_id,
       title,
       aggregate(
         zip_with(one.sound, other.sound, (a, b) -> a * b), 0D, (total, product) -> total + product
       ) AS similarity
FROM track_sounds AS one
JOIN track_sounds AS other USING (sounds_version)
JOIN tracks ON tracks.track_id = other.track_id
WHERE one.track_id = 'fma:2' AND other.track_id <> one.track_id
ORDER BY similarity DESC, other.track_id
LIMIT 10
