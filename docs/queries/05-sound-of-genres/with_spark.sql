-- Tempo, brightness and loudness by genre
-- Medians, so that a track whose tempo was mistaken for its double weighs no more than another.
SELECT genre,
       count(*) AS tracks,
       median(tempo) AS tempo_bpm,
       median(brightness) AS brightness_hz,
       median(loudness_lufs) AS loudness_lufs
FROM track_features JOIN tracks USING (track_id)
WHERE genre IS NOT NULL
GROUP BY genre
ORDER BY genre
