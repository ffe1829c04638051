-- How a listener's recommendations changed, and what changed them
-- One line for each refresh: the event behind it, and the track that came first after it.
SELECT updated_at,
       caused_by_action,
       cause.title AS caused_by,
       best.title AS first_recommended,
       recommendations[0].reason.code AS because
FROM recommendations
LEFT JOIN tracks AS cause ON cause.track_id = caused_by_track_id
LEFT JOIN tracks AS best ON best.track_id = recommendations[0].track_id
WHERE user_id = 'ann'
ORDER BY version
