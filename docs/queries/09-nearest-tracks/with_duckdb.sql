SELECT other.track_id, title, list_inner_product(one.sound, other.sound) AS similarity
FROM track_sounds AS one
JOIN track_sounds AS other USING (sounds_version)
JOIN tracks ON tracks.track_id = other.track_id
WHERE one.track_id = 'fma:2' AND other.track_id <> one.track_id
ORDER BY similarity DESC, other.track_id
LIMIT 10
