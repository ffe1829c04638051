-- Why files were rejected
-- One line for each kind of failure, with the reason of one such file.
SELECT code,
       count(*) AS files,
       sum(size_bytes) / 1e6 AS megabytes,
       min(path) AS example,
       min_by(reason, path) AS reason
FROM tracks_rejected
GROUP BY code
ORDER BY files DESC, code
