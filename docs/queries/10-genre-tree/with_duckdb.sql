WITH RECURSIVE tree (genre_id, top_id, title, depth) AS (
  SELECT genre_id, genre_id, title, 0 FROM genres WHERE parent_id IS NULL
  UNION ALL
  SELECT below.genre_id, tree.top_id, concat(tree.title, ' > ', below.title), tree.depth + 1
  FROM genres AS below JOIN tree ON below.parent_id = tree.genre_id
), above (genre_id, ancestor_id) AS (
  SELECT genre_id, genre_id FROM genres
  UNION ALL
  SELECT above.genre_id, genres.parent_id
  FROM above JOIN genres ON genres.genre_id = above.ancestor_id
  WHERE genres.parent_id IS NOT NULL
), tagged AS (
  SELECT track_id, unnest(genre_ids) AS genre_id FROM tracks
)
SELECT tree.title AS genre, tree.depth, count(DISTINCT tagged.track_id) AS tracks
FROM tree
JOIN above ON above.ancestor_id = tree.genre_id
LEFT JOIN tagged ON tagged.genre_id = above.genre_id
GROUP BY tree.genre_id, tree.title, tree.depth
ORDER BY genre
