"""Every Delta table, Kafka topic and Mongo collection: its name, columns, keys and the one job that writes it.

Nothing else in the project spells a table, topic, collection or column list out. No Spark here: the player and the
event publisher import this module too.
"""

from __future__ import annotations

from spotistream.layouts import Collection, Column, Table, Topic

SCHEMA_VERSION = 3
"""Version of all layouts below; kept in the home, compared at every start."""


REASON_TYPE = "STRUCT<code: STRING, track_id: STRING, music_topic_id: STRING>"
RECOMMENDED_TYPE = f"ARRAY<STRUCT<rank: INT, track_id: STRING, score: DOUBLE, reason: {REASON_TYPE}>>"

_DESCRIPTION = (
    Column("title", "STRING", "Title, from the metadata or the tags, else the file name"),
    Column("artist_id", "STRING", "Artist: hash of the folded name"),
    Column("artist", "STRING", "Name of the artist"),
    Column("album_id", "STRING", "Album: hash of the folded artist and album names"),
    Column("album", "STRING", "Name of the album"),
    Column("genre", "STRING", "Main genre: the top genre of the metadata, else the first genre as tagged"),
    Column("genre_ids", "ARRAY<STRING>", "All its genres with their parents; see table genres"),
    Column("tags", "ARRAY<STRING>", "Free words it was tagged with"),
    Column("track_number", "INT", "Number on the album, from 1"),
    Column("year", "INT", "Year of release"),
    Column("added_at", "TIMESTAMP", "When it came into the catalogue: as the metadata says, else the file's time, UTC"),
    Column("duration_s", "DOUBLE", "Length, seconds: of the whole file where there is one"),
    Column("bit_rate", "INT", "Bits a second, as the metadata says"),
    Column("language", "STRING", "Language code of the words, ISO 639-1"),
    Column("composer", "STRING", "Composer"),
    Column("licence", "STRING", "Licence or copyright"),
    Column("source_url", "STRING", "Page of the track where it comes from"),
    Column("play_count", "BIGINT", "Plays where it comes from, not here"),
    Column("favourite_count", "BIGINT", "Listeners who marked it a favourite where it comes from, not here"),
    Column("split", "STRING", "Part of the Free Music Archive dataset: training, validation or test"),
    Column("subset", "STRING", "Smallest subset of that dataset it is in: small, medium, large or full"),
)
_AUDIO = (
    Column("format", "STRING", "Container of the file: mp3, ogg, flac, m4a, ..."),
    Column("path", "STRING", "Where the audio is: absolute path or URI; null where there is none"),
    Column("cover_path", "STRING", "Where the cover picture is: absolute path or URI"),
    Column("spectrogram_path", "STRING", "Where the picture of its mel spectrogram is: absolute path or URI"),
)
_DURATION = {"duration_is_positive": "duration_s IS NULL OR duration_s > 0"}

TRACK_FILES = Table(
    "track_files",
    "One row for each audio file that was read: its tags and what it was recognised by",
    writers=("extract_features",),
    keys=("track_id",),
    fields=(
        Column(
            "track_id", "STRING",
            "fma: and the number in the Free Music Archive; else file: and 16 hex digits of the sha256 when first seen",
            nullable=False,
        ),
        *_DESCRIPTION,
        *_AUDIO,
        Column("content_hash", "STRING", "sha256 of the bytes, hex", nullable=False),
        Column("size_bytes", "BIGINT", "Size of the file, bytes", nullable=False),
        Column("modified_at", "TIMESTAMP", "Modification time of the file", nullable=False),
        Column("gone", "BOOLEAN", "True once the file is no longer in its folder", nullable=False),
    ),
    constraints={**_DURATION, "size_is_positive": "size_bytes > 0"},
    cluster_by=("track_id",),
)  # fmt: skip

TRACK_METADATA = Table(
    "track_metadata",
    "One row for each track that a metadata file describes, with audio or without",
    writers=("import_metadata",),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "fma: and the number in the Free Music Archive", nullable=False),
        *_DESCRIPTION,
    ),
    constraints=_DURATION,
    cluster_by=("track_id",),
)

METADATA_REJECTED = Table(
    "metadata_rejected",
    "Records of metadata files that could not be read, and why",
    writers=("import_metadata", "import_features"),
    keys=("file", "line"),
    fields=(
        Column("file", "STRING", "The file, inside its ZIP where it is in one", nullable=False),
        Column("line", "BIGINT", "Line the record begins on, from 1", nullable=False),
        Column("code", "STRING", "Kind of failure, for counting", nullable=False),
        Column("reason", "STRING", "What was wrong, in words", nullable=False),
        Column("record", "STRING", "The first 1,000 characters of the record"),
    ),
    constraints={"line_is_positive": "line > 0"},
)

TRACK_FEATURES = Table(
    "track_features",
    "One feature vector for each track that has audio",
    writers=("extract_features", "import_features", "ingest_tracks"),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("feature_spec", "STRING", "Name and version of the FeatureSpec the vector follows", nullable=False),
        Column("content_hash", "STRING", "sha256 of the bytes the vector was computed from, hex; null where imported"),
        Column("vector", "ARRAY<FLOAT>", "Raw features in the order of the spec", nullable=False),
        Column("duration_s", "DOUBLE", "Length of the whole file, seconds"),
        Column("tempo", "DOUBLE", "Estimated tempo, beats per minute"),
        Column("brightness", "DOUBLE", "Mean spectral centroid, Hz"),
        Column("energy", "DOUBLE", "Mean root mean square of the samples, 0 to 1"),
        Column("loudness_lufs", "DOUBLE", "Integrated loudness by ITU-R BS.1770-4, LUFS; null where all is too quiet"),
        Column("waveform", "BINARY", "Peak of each 1/512 of the covered stretch, one byte each: 255 is full scale"),
        Column("waveform_start_s", "DOUBLE", "Where in the file the waveform begins, seconds"),
        Column("waveform_end_s", "DOUBLE", "Where in the file the waveform ends, seconds"),
    ),
    constraints={
        **_DURATION,
        "vector_is_not_empty": "size(vector) > 0",
        "tempo_is_not_negative": "tempo IS NULL OR tempo >= 0",
        "energy_is_a_share": "energy IS NULL OR energy BETWEEN 0 AND 1",
    },
    cluster_by=("track_id",),
)

TRACK_SOUNDS = Table(
    "track_sounds",
    "The features of each track made comparable: standardised, of length one, on their principal components",
    writers=("fit_sounds", "ingest_tracks"),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("sounds_version", "STRING", "Version of the fitted pipeline that made it", nullable=False),
        Column("content_hash", "STRING", "sha256 of the bytes behind the features, hex; null where imported"),
        Column("sound", "ARRAY<FLOAT>", "The vector; the dot product of two is close to their cosine", nullable=False),
        Column("missing", "INT", "How many features were missing and filled with the mean", nullable=False),
    ),
    constraints={"missing_is_not_negative": "missing >= 0"},
    cluster_by=("track_id",),
)

TRACK_MAP = Table(
    "track_map",
    "The catalogue on a plane: tracks that sound alike are near each other",
    writers=("map_tracks",),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column(
            "map_version", "STRING", "Version of the map; coordinates of two versions do not compare", nullable=False
        ),
        Column("x", "FLOAT", "Across, -1 to 1", nullable=False),
        Column("y", "FLOAT", "Up, -1 to 1", nullable=False),
        Column("genre", "STRING", "Main genre, for the colour"),
    ),
    constraints={"point_is_on_the_map": "x BETWEEN -1 AND 1 AND y BETWEEN -1 AND 1"},
)

MUSIC_TOPICS = Table(
    "music_topics",
    "Topics of music: groups of tracks that sound alike, and the parts of the larger ones",
    writers=("find_topics",),
    keys=("music_topic_id",),
    fields=(
        Column(
            "music_topic_id",
            "STRING",
            "A number; a part has its topic's, a dot and another; never used again",
            nullable=False,
        ),
        Column("parent_id", "STRING", "The topic it is a part of; null for a topic"),
        Column("name", "STRING", "Name for people", nullable=False),
        Column("words", "ARRAY<STRING>", "What the name says: measures such as tempo=fast, and genres", nullable=False),
        Column("description", "STRING", "What it is like, in a sentence", nullable=False),
        Column("size", "BIGINT", "Tracks in it when topics were found last", nullable=False),
        Column("centroid", "ARRAY<FLOAT>", "Its centre among the sounds, of length one", nullable=False),
        Column("genres", "ARRAY<STRUCT<title: STRING, share: DOUBLE>>", "Most frequent genres; shares of the tracks"),
        Column("tempo", "DOUBLE", "Median, beats per minute"),
        Column("brightness", "DOUBLE", "Median of the mean spectral centroid, Hz"),
        Column("energy", "DOUBLE", "Median of the mean root mean square, 0 to 1"),
        Column("sounds_version", "STRING", "Version of the sounds that the centre is among", nullable=False),
        Column("topics_version", "STRING", "Names this state of all topics", nullable=False),
        Column("retired", "BOOLEAN", "True once no group of tracks is this topic any more", nullable=False),
    ),
    constraints={"size_is_not_negative": "size >= 0"},
)

TRACK_TOPICS = Table(
    "track_topics",
    "The topic of each track that has a sound",
    writers=("find_topics", "ingest_tracks"),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("music_topic_id", "STRING", "The topic whose centre is nearest", nullable=False),
        Column("music_subtopic_id", "STRING", "The nearest of its parts; null where it has none"),
        Column("distance", "DOUBLE", "From the centre of the topic: 1 - cosine", nullable=False),
        Column("subtopic_distance", "DOUBLE", "From the centre of the part: 1 - cosine"),
    ),
    constraints={"distance_is_possible": "distance BETWEEN -0.001 AND 2.001"},
    cluster_by=("track_id",),
)

TRACKS_REJECTED = Table(
    "tracks_rejected",
    "Files that could not become tracks, and why",
    writers=("extract_features",),
    keys=("path",),
    fields=(
        Column("path", "STRING", "The file", nullable=False),
        Column("code", "STRING", "Kind of failure, for counting", nullable=False),
        Column("reason", "STRING", "What was wrong, in words", nullable=False),
        Column("content_hash", "STRING", "sha256 of the bytes, hex; null where they could not be read"),
        Column("size_bytes", "BIGINT", "Size of the file, bytes"),
        Column("modified_at", "TIMESTAMP", "Modification time of the file"),
    ),
)

TRACKS_PUBLISHED = Table(
    "tracks_published",
    "What was sent of each track to topic tracks, so that only what is new is sent",
    writers=("publish",),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("digest", "STRING", "sha256 of the message and of the id of the Kafka cluster, hex", nullable=False),
    ),
    cluster_by=("track_id",),
)

TRACKS = Table(
    "tracks",
    "One row for each track the service knows, with audio or without",
    writers=("ingest_tracks",),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track, prefixed by its source: file:, fma:, lastfm:", nullable=False),
        *_DESCRIPTION,
        *_AUDIO,
        Column("playable", "BOOLEAN", "False without audio: counts for taste, never recommended", nullable=False),
    ),
    constraints={**_DURATION, "playable_has_audio": "NOT playable OR path IS NOT NULL"},
    cluster_by=("track_id",),
)

ARTISTS = Table(
    "artists",
    "One row for each artist of a track",
    writers=("ingest_tracks",),
    keys=("artist_id",),
    fields=(
        Column("artist_id", "STRING", "Hash of the folded name", nullable=False),
        Column("name", "STRING", "Name of the artist", nullable=False),
        Column("source_id", "STRING", "The artist where it comes from, such as fma:1"),
        Column("location", "STRING", "Where the artist is from, as written"),
        Column("latitude", "DOUBLE", "Degrees north"),
        Column("longitude", "DOUBLE", "Degrees east"),
        Column("active_from", "INT", "First year of activity"),
        Column("active_to", "INT", "Last year of activity"),
        Column("members", "STRING", "Members, as written"),
        Column("labels", "STRING", "Labels, as written"),
        Column("biography", "STRING", "Biography, plain text"),
        Column("tags", "ARRAY<STRING>", "Free words the artist was tagged with"),
        Column("website", "STRING", "Website of the artist"),
        Column("source_url", "STRING", "Page of the artist where it comes from"),
        Column("favourite_count", "BIGINT", "Listeners who marked the artist a favourite where it comes from"),
        Column("added_at", "TIMESTAMP", "When the artist was added where it comes from, UTC"),
    ),
    constraints={
        "latitude_in_degrees": "latitude IS NULL OR latitude BETWEEN -90 AND 90",
        "longitude_in_degrees": "longitude IS NULL OR longitude BETWEEN -180 AND 180",
    },
    cluster_by=("artist_id",),
)

ALBUMS = Table(
    "albums",
    "One row for each album of a track",
    writers=("ingest_tracks",),
    keys=("album_id",),
    fields=(
        Column("album_id", "STRING", "Hash of the folded artist and album names", nullable=False),
        Column("title", "STRING", "Name of the album", nullable=False),
        Column("artist_id", "STRING", "Its artist"),
        Column("artist", "STRING", "Name of its artist"),
        Column("source_id", "STRING", "The album where it comes from, such as fma:1"),
        Column("type", "STRING", "Album, Single Tracks, Live Performance, Radio Program, ..."),
        Column("released_on", "DATE", "Day of release"),
        Column("track_count", "INT", "Number of tracks, as the metadata says"),
        Column("producer", "STRING", "Producer"),
        Column("engineer", "STRING", "Engineer"),
        Column("information", "STRING", "About the album, plain text"),
        Column("tags", "ARRAY<STRING>", "Free words the album was tagged with"),
        Column("source_url", "STRING", "Page of the album where it comes from"),
        Column("play_count", "BIGINT", "Plays where it comes from, not here"),
        Column("favourite_count", "BIGINT", "Listeners who marked it a favourite where it comes from, not here"),
        Column("added_at", "TIMESTAMP", "When the album was added where it comes from, UTC"),
    ),
    cluster_by=("album_id",),
)

GENRES = Table(
    "genres",
    "The genres and how they are nested",
    writers=("ingest_tracks",),
    keys=("genre_id",),
    fields=(
        Column("genre_id", "STRING", "The folded title with hyphens, such as hip-hop", nullable=False),
        Column("title", "STRING", "Title of the genre", nullable=False),
        Column("source_id", "STRING", "The genre where it comes from, such as fma:21"),
        Column("parent_id", "STRING", "The genre it belongs to; null for a top genre"),
        Column("top_id", "STRING", "The top genre above it; itself for a top genre"),
        Column("colour", "STRING", "Colour where it comes from, #rrggbb"),
        Column("track_count", "BIGINT", "Tracks of it where it comes from"),
    ),
    constraints={"genre_is_not_its_parent": "parent_id IS NULL OR parent_id <> genre_id"},
)

GENRE_PREDICTIONS = Table(
    "genre_predictions",
    "The genre predicted for each track that has features and no genre",
    writers=("train_genres",),
    keys=("track_id",),
    fields=(
        Column("track_id", "STRING", "The track", nullable=False),
        Column("classifier_version", "STRING", "Version of the classifier that predicted it", nullable=False),
        Column("genre", "STRING", "The most probable genre", nullable=False),
        Column("probability", "FLOAT", "Its probability, 0 to 1", nullable=False),
        Column("sure", "BOOLEAN", "True where it is probable enough to be shown in the player", nullable=False),
        Column("probabilities", "MAP<STRING, DOUBLE>", "Of each genre the classifier knows", nullable=False),
    ),
    constraints={"probability_is_a_share": "probability BETWEEN 0 AND 1"},
    cluster_by=("track_id",),
)

PLAYS = Table(
    "plays",
    "Every accepted event, once; append-only",
    writers=("ingest_plays",),
    keys=("event_id",),
    constraints={"played_is_not_negative": "played_ms IS NULL OR played_ms >= 0"},
    cluster_by=("event_time", "user_id"),
    fields=(
        Column("schema_version", "INT", "Version of the event's layout", nullable=False),
        Column("event_id", "STRING", "UUID of the event", nullable=False),
        Column("user_id", "STRING", "The listener", nullable=False),
        Column("track_id", "STRING", "The track; null for a visit"),
        Column("action", "STRING", "play, complete, skip, like, unlike, dislike, forget or visit", nullable=False),
        Column("played_ms", "BIGINT", "How long the track was heard, milliseconds; with complete and skip"),
        Column("event_time", "TIMESTAMP", "When it happened, UTC", nullable=False),
        Column("session_id", "STRING", "Ties the play of a listen to its complete or skip"),
        Column("source", "STRING", "player, import, api or simulation", nullable=False),
        Column("shelf", "STRING", "The shelf the track was offered on"),
        Column("model_version", "STRING", "The model behind that offer"),
        Column("target_event_id", "STRING", "The event a forget takes back"),
        Column("kafka_partition", "INT", "Partition of topic plays it came from", nullable=False),
        Column("kafka_offset", "BIGINT", "Offset in that partition", nullable=False),
    ),
)

_MESSAGE = (
    Column("topic", "STRING", "Topic the message came from", nullable=False),
    Column("kafka_partition", "INT", "Partition of that topic", nullable=False),
    Column("kafka_offset", "BIGINT", "Offset in that partition", nullable=False),
    Column("kafka_time", "TIMESTAMP", "When the broker was given it", nullable=False),
    Column("reason", "STRING", "What was wrong, in words", nullable=False),
    Column("key", "BINARY", "The message key as received"),
    Column("value", "BINARY", "The message as received"),
)

PLAYS_REJECTED = Table(
    "plays_rejected",
    "Every message of topic plays that is not an event, byte for byte, and why",
    writers=("ingest_plays",),
    keys=("topic", "kafka_partition", "kafka_offset"),
    fields=_MESSAGE,
)

PLAYS_REPLAYED = Table(
    "plays_replayed",
    "What was sent again of plays_rejected, so that it is not sent twice",
    writers=("replay-rejected",),
    keys=("digest",),
    fields=(
        Column("digest", "STRING", "sha256 of the key and the value of the message, as written in hex", nullable=False),
        Column("replayed_at", "TIMESTAMP", "When it was first sent again, UTC", nullable=False),
    ),
)

TRACK_MESSAGES_REJECTED = Table(
    "track_messages_rejected",
    "Every message of topic tracks that is none, byte for byte, and why",
    writers=("ingest_tracks",),
    keys=("topic", "kafka_partition", "kafka_offset"),
    fields=_MESSAGE,
)

SIMILAR_FIELDS = ("by_sound", "by_listeners")
"""The two lists in a document of ``similar_tracks``."""

RECOMMENDATIONS = Table(
    "recommendations",
    "History of the recommendation tables: one row for each refresh of a listener",
    writers=("archive_recommendations",),
    keys=("user_id", "version"),
    cluster_by=("user_id", "updated_at"),
    fields=(
        Column("user_id", "STRING", "The listener", nullable=False),
        Column("version", "BIGINT", "Grows with each refresh of the listener", nullable=False),
        Column("model_version", "STRING", "The model that ranked", nullable=False),
        Column("updated_at", "TIMESTAMP", "When the refresh was computed, UTC", nullable=False),
        Column("caused_by_event_id", "STRING", "The event that caused the refresh"),
        Column("caused_by_track_id", "STRING", "The track of that event"),
        Column("caused_by_action", "STRING", "The action of that event"),
        Column("recommendations", RECOMMENDED_TYPE, "The table, best first"),
    ),
)

TRENDING_TRACKS = Table(
    "trending_tracks",
    "How often each track was heard in each window of event time, and how much more than before; append-only",
    writers=("trending_tracks",),
    keys=("window_start", "track_id"),
    constraints={"window_is_not_empty": "window_start < window_end"},
    cluster_by=("window_start",),
    fields=(
        Column("window_start", "TIMESTAMP", "Begin of the window, UTC; listens of this time are in it", nullable=False),
        Column("window_end", "TIMESTAMP", "End of the window, UTC; listens of this time are not in it", nullable=False),
        Column("track_id", "STRING", "The track", nullable=False),
        Column("listens", "BIGINT", "How often it was heard in the window", nullable=False),
        Column("listeners", "BIGINT", "By how many listeners", nullable=False),
        Column("earlier_listeners", "BIGINT", "Its listeners in the windows it is compared with, summed"),
        Column("expected", "DOUBLE", "Listeners in the window, were its share of all what it was in those windows"),
        Column("score", "DOUBLE", "(listeners - expected) / sqrt(expected + trending.smoothing); it rises above 0"),
        Column("places", "MAP<STRING, INT>", "Shelf of popular_tracks -> its place there, from 1; null where on none"),
    ),
)

MODEL_METRICS = Table(
    "model_metrics",
    "How good models and their peers were, each time they were compared on the plays of this service",
    writers=("evaluate_model",),
    keys=("evaluated_at", "model", "metric", "slice"),
    fields=(
        Column("evaluated_at", "TIMESTAMP", "When they were compared, UTC", nullable=False),
        Column("model", "STRING", "Model or peer, as spotistream evaluate names it", nullable=False),
        Column("metric", "STRING", "Metric, as docs/evaluation.md defines it", nullable=False),
        Column("k", "INT", "Length of the lists; null for a metric that is not of lists"),
        Column("slice", "STRING", "all, or a grouping and the group, such as history 5-9", nullable=False),
        Column("value", "DOUBLE", "Mean over the listeners of the slice, in the unit of the metric", nullable=False),
        Column("low", "DOUBLE", "Lower end of the 95 % interval; null where there is none"),
        Column("high", "DOUBLE", "Upper end of the 95 % interval; null where there is none"),
        Column("users", "BIGINT", "Listeners in the mean", nullable=False),
        Column("split", "STRING", "How plays were held out: time is the newest of each listener", nullable=False),
        Column("seed", "BIGINT", "Of the models, the settings and the intervals", nullable=False),
    ),
    constraints={"interval_is_in_order": "low IS NULL OR low <= high"},
)

DELTA_TABLES = (
    TRACK_FILES, TRACK_METADATA, METADATA_REJECTED, TRACK_FEATURES, TRACK_SOUNDS, TRACK_MAP, MUSIC_TOPICS,
    TRACK_TOPICS, TRACKS_REJECTED, TRACKS_PUBLISHED, TRACKS, ARTISTS, ALBUMS, GENRES,
    GENRE_PREDICTIONS, TRACK_MESSAGES_REJECTED, PLAYS,
    PLAYS_REJECTED, PLAYS_REPLAYED, TRENDING_TRACKS, RECOMMENDATIONS, MODEL_METRICS,
)  # fmt: skip

PLAYS_TOPIC = Topic(
    "plays", "user_id", "Play events as the player, imports and the simulation send them",
    # The times of events are compared with the broker's clock, not with what a sender says.
    settings={"message.timestamp.type": "LogAppendTime"},
)  # fmt: skip
PLAYS_REJECTED_TOPIC = Topic(
    "plays.rejected", "as the message had it",
    "Messages of topic plays that are no events, byte for byte; headers say topic, partition, offset and reason",
    # A message that topic plays has just accepted must also pass with its headers.
    settings={"max.message.bytes": str(2 * 2**20)},
)  # fmt: skip
TRACKS_TOPIC = Topic(
    "tracks", "track_id; artist:, album: or genre: and the id",
    "New and changed tracks, metadata merged with features; and what is known of artists, albums and genres",
)  # fmt: skip
RECOMMENDATIONS_TOPIC = Topic(
    "recommendations", "user_id", "A snapshot of each refreshed recommendation table", compacted=True
)
LIBRARY_TOPIC = Topic(
    "library", "playlist: or listener: and the id",
    "Each playlist and listener as it is after its latest change; without a value it is deleted", compacted=True,
)  # fmt: skip
TOPICS = (PLAYS_TOPIC, PLAYS_REJECTED_TOPIC, TRACKS_TOPIC, RECOMMENDATIONS_TOPIC, LIBRARY_TOPIC)

TRACKS_COLLECTION = Collection(
    "tracks", "track_id", ("ingest_tracks",), "Metadata and described features of a track: all the player shows"
)
ARTISTS_COLLECTION = Collection("artists", "artist_id", ("ingest_tracks",), "What is known of an artist")
ALBUMS_COLLECTION = Collection("albums", "album_id", ("ingest_tracks",), "What is known of an album")
GENRES_COLLECTION = Collection("genres", "genre_id", ("ingest_tracks",), "A genre and its place in the tree")
TRACK_FEATURES_COLLECTION = Collection(
    "track_features", "track_id", ("ingest_tracks",), "Feature vector of a track and the spec it follows"
)
GENRE_PREDICTIONS_COLLECTION = Collection(
    "genre_predictions", "track_id", ("train_genres",), "The genre predicted for a track without one, where it is sure"
)
TRACK_MAP_COLLECTION = Collection(
    "track_map",
    "version/number of the part",
    ("map_tracks", "find_topics"),
    "Points of the map with their genres and topics, a few thousand in a document",
)
SIMILAR_TRACKS = Collection(
    "similar_tracks", "track_id", ("train_model", "ingest_tracks"),
    "Nearest tracks by sound and by listeners, best first",
)  # fmt: skip
MUSIC_TOPICS_COLLECTION = Collection(
    "music_topics", "music_topic_id", ("find_topics",), "A topic of music or a part of one: all the player shows"
)
TRACK_TOPICS_COLLECTION = Collection(
    "track_topics", "track_id", ("find_topics", "ingest_tracks"), "The topic of a track, and the part of it"
)
POPULAR_TRACKS = Collection(
    "popular_tracks", "shelf: overall, topic: or genre: and the id; trending: before each of them",
    ("train_model", "find_topics", "trending_tracks"),
    "Most played tracks, best first; overall by the first job, topics and genres by the second, trending by the third",
)  # fmt: skip
RECOMMENDATIONS_COLLECTION = Collection(
    "recommendations", "user_id", ("refresh_recommendations",), "The recommendation table of a listener"
)
LISTENER_STATES = Collection(
    "listener_states", "user_id", ("refresh_recommendations",),
    "What is remembered of a listener, for who ranks at once; Spark's state is what counts",
)  # fmt: skip
PLAYLISTS_COLLECTION = Collection("playlists", "playlist_id", ("player",), "A playlist; what is left of a deleted one")
USERS_COLLECTION = Collection("users", "user_id", ("player",), "A listener by name")
LISTENING = Collection("listening", "user_id", ("player",), "What a listener heard last, and thinks of tracks")
STORE_MARKS = Collection(
    "store_marks", "Kafka topic", ("refresh_recommendations", "player"),
    "Up to which position of the topic everything is in the store for certain",
)  # fmt: skip
STREAM_STATUS = Collection(
    "stream_status", "query",
    ("refresh_recommendations", "ingest_plays", "ingest_tracks", "archive_recommendations", "trending_tracks"),
    "Figures of a streaming query, each written by the application it runs in",
)  # fmt: skip
COLLECTIONS = (
    TRACKS_COLLECTION, ARTISTS_COLLECTION, ALBUMS_COLLECTION, GENRES_COLLECTION, TRACK_FEATURES_COLLECTION,
    GENRE_PREDICTIONS_COLLECTION,
    TRACK_MAP_COLLECTION, SIMILAR_TRACKS, MUSIC_TOPICS_COLLECTION, TRACK_TOPICS_COLLECTION, POPULAR_TRACKS,
    RECOMMENDATIONS_COLLECTION, LISTENER_STATES,
    PLAYLISTS_COLLECTION, USERS_COLLECTION, LISTENING,
    STORE_MARKS,
    STREAM_STATUS,
)  # fmt: skip

POPULAR_OVERALL = "overall"
"""``_id`` of the document in ``popular_tracks`` that counts all listeners."""
TOPIC_SHELF, GENRE_SHELF = "topic:", "genre:"
"""Before the id in the ``_id`` of the other documents in ``popular_tracks``."""
TRENDING_SHELF = "trending:"
"""Before the whole of such an ``_id``, where the tracks are those that rise."""
CURRENT_TOPICS = "current"
"""``_id`` of the document in ``music_topics`` that lists the topics; it is written last."""
