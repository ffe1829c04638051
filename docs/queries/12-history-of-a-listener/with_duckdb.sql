SELECT updated_at,
       caused_by_action,
       cause.title AS caused_by,
       best.title AS first_recommended,
       recommendations[1].reason.code AS because
FROM recommendations
LEFT JOIN tracks AS cause ON cause.track_id = caused_by_track_id
LEFT JOIN tracks AS best ON best.track_id = recommendations[1].track_id
WHERE user_id = 'ann'
ORDER BY version
