"""Topics of music over a small catalogue: what is found, what stays when it is found again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.literal_rows import literal_rows
from pyspark.sql import SparkSession

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta
from spotistream.io.documents import database
from spotistream.io.fitted_sounds import current_sounds
from spotistream.launch import with_addresses
from spotistream.layouts import Table
from spotistream.pipelines import find_topics, fit_sounds, map_tracks
from spotistream.pipelines.fit_sounds import write_sounds
from spotistream.pipelines.track_topics import place_new_tracks
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import Scored
from spotistream.tables import GENRES, MUSIC_TOPICS, PLAYS, POPULAR_TRACKS, TRACK_FEATURES, TRACK_TOPICS, TRACKS

KINDS = ("Techno", "Folk", "Jazz", "Ambient", "Ska")
TEMPO = (140.0, 100.0, 120.0, 60.0, 170.0)
OF_A_KIND = 15
AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def cfg(cfg: Config, store: str, tmp_path: Path) -> Config:
    """An empty home, and a database of its own."""
    cfg = with_addresses(cfg, kafka=None, mongo=store)
    return replace(cfg, mongo=replace(cfg.mongo, database=f"topics_{tmp_path.name[:40]}".replace("-", "_")))


@pytest.fixture
def player(cfg: Config) -> Iterator[DocumentStore]:
    reader = DocumentStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=5000)
    yield reader
    reader.close()


def write_tracks(spark: SparkSession, cfg: Config, kinds: range, numbers: range = range(OF_A_KIND)) -> None:
    """Track ``t:<kind><number>`` sounds like its kind; the last of each kind cannot be played."""
    tracks, features = [], []
    for kind in kinds:
        centre = 3 * np.random.default_rng(kind).normal(size=12)
        for number in numbers:
            track_id = f"t:{kind}{number:02}"
            noise = np.random.default_rng([kind, number]).normal(scale=0.15, size=12)
            playable = number != OF_A_KIND - 1
            tracks.append(
                {"track_id": track_id, "genre": KINDS[kind], "genre_ids": [KINDS[kind].lower()], "duration_s": 60.0,
                 "artist_id": f"a{number % 5}", "album_id": f"b{number % 5}", "playable": playable,
                 "path": "/music/x.ogg" if playable else None}
            )  # fmt: skip
            features.append(
                {"track_id": track_id, "feature_spec": "fast-1", "tempo": TEMPO[kind],
                 "brightness": 2000.0, "energy": 0.1, "vector": (centre + noise).tolist()}
            )  # fmt: skip
    genres = [{"genre_id": KINDS[kind].lower(), "title": KINDS[kind]} for kind in kinds]
    for table, rows in ((TRACKS, tracks), (TRACK_FEATURES, features), (GENRES, genres)):
        delta.merge(spark, cfg, table, literal_rows(spark, table, rows))


def play(spark: SparkSession, cfg: Config, *plays: tuple[str, str]) -> None:
    """Each listener heard each track to its end."""
    rows = [
        {"schema_version": 1, "event_id": f"e{number}", "user_id": user_id, "track_id": track_id, "action": "complete",
         "played_ms": 60_000, "event_time": AT, "source": "player", "kafka_partition": 0, "kafka_offset": number}
        for number, (user_id, track_id) in enumerate(plays)
    ]  # fmt: skip
    delta.merge(spark, cfg, PLAYS, literal_rows(spark, PLAYS, rows))


def topics(spark: SparkSession, cfg: Config) -> dict[str, dict[str, Any]]:
    return {row["music_topic_id"]: row.asDict() for row in delta.existing_table(spark, cfg, MUSIC_TOPICS).collect()}


def topic_of(spark: SparkSession, cfg: Config) -> dict[str, str]:
    rows = delta.existing_table(spark, cfg, TRACK_TOPICS).collect()
    return {row["track_id"]: row["music_topic_id"] for row in rows}


def names(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {topic_id: row["name"] for topic_id, row in found.items() if row["parent_id"] is None}


def forget(spark: SparkSession, cfg: Config, kind: int) -> None:
    for table in (TRACKS, TRACK_FEATURES):
        gone = delta.existing_table(spark, cfg, table).where(f"track_id LIKE 't:{kind}%'")
        delta.delete_rows(spark, cfg, table, gone, keys=["track_id"])


def version(cfg: Config, table: Table) -> int | None:
    return delta.table_version(cfg, table)


def test_each_kind_of_music_is_a_topic_with_a_name_tracks_and_what_is_popular(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(3))
    play(spark, cfg, ("ann", "t:005"), ("bob", "t:005"), ("ann", "t:003"), ("bob", "t:014"), ("ann", "t:101"))
    summary = find_topics.run(spark, cfg)
    found = topics(spark, cfg)
    assert sorted(names(found).values()) == ["Fast techno", "Jazz", "Relaxed folk"]
    assert ": 45 tracks in 3 topics with " in summary
    assert {row["size"] for row in found.values() if row["parent_id"] is None} == {OF_A_KIND}
    of = topic_of(spark, cfg)
    assert all(len({of[f"t:{kind}{number:02}"] for number in range(OF_A_KIND)}) == 1 for kind in range(3))

    techno = of["t:000"]
    shown = player.topic(techno)
    assert shown is not None
    assert (shown.tile.name, shown.tile.size, shown.tempo) == ("Fast techno", OF_A_KIND, 140.0)
    assert shown.description == "Techno (100%). 140 beats per minute, fast, clear and gentle."
    assert {tile.name for tile in player.topics()} == {"Fast techno", "Jazz", "Relaxed folk"}
    assert len({cover[-2:] for cover in shown.tile.covers}) == 4
    popular = player.popular_in_topic(techno, 100)
    assert popular.tracks[:2] == (Scored("t:005", 1.0), Scored("t:003", 0.5))
    assert len(popular.tracks) == OF_A_KIND - 1
    assert popular.tracks[2:] == tuple(Scored(track_id, 0.0) for track_id in _nearest(spark, cfg, techno, but=(3, 5)))
    assert list(shown.typical) == _nearest(spark, cfg, techno, but=())[:12]
    places = player.topic_places(["t:003", "t:110", "t:999"])
    assert {track_id: place.music_topic_id for track_id, place in places.items()} == {
        "t:003": techno,
        "t:110": of["t:110"],
    }
    assert {place.music_subtopic_id for place in places.values()} <= {part.music_topic_id for part in shown.parts} | {
        None
    }
    with database(cfg.mongo) as db:
        shelves = {each["_id"] for each in db[POPULAR_TRACKS.name].find({}, {"_id": 1})}
    assert {"genre:techno", "genre:folk", "genre:jazz", *(f"topic:{topic_id}" for topic_id in found)} == shelves


def _nearest(spark: SparkSession, cfg: Config, topic_id: str, *, but: tuple[int, ...]) -> list[str]:
    """Its playable tracks from the centre outwards."""
    rows = delta.existing_table(spark, cfg, TRACK_TOPICS).where(f"music_topic_id = '{topic_id}'").collect()
    left_out = {f"t:0{number:02}" for number in (*but, OF_A_KIND - 1)}
    ordered = sorted(rows, key=lambda row: (row["distance"], row["track_id"]))
    return [row["track_id"] for row in ordered if row["track_id"] not in left_out]


def test_found_again_topics_keep_ids_and_names_and_tracks_are_not_written(spark: SparkSession, cfg: Config) -> None:
    write_tracks(spark, cfg, range(3))
    find_topics.run(spark, cfg)
    before, places, commits = topics(spark, cfg), topic_of(spark, cfg), version(cfg, TRACK_TOPICS)
    assert "0 of them new, 0 gone" in find_topics.run(spark, cfg)
    after = topics(spark, cfg)
    assert {topic_id: row["name"] for topic_id, row in after.items()} == {
        topic_id: row["name"] for topic_id, row in before.items()
    }
    assert topic_of(spark, cfg) == places
    assert version(cfg, TRACK_TOPICS) == commits


def test_new_kinds_of_music_get_new_ids_and_an_id_that_is_free_again_is_not_used(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(3))
    find_topics.run(spark, cfg)
    first, before = topic_of(spark, cfg), names(topics(spark, cfg))
    sounds = current_sounds(cfg)

    write_tracks(spark, cfg, range(3, 4))
    find_topics.run(spark, cfg)
    assert current_sounds(cfg) != sounds  # the normalisation is another: the centres of before do not compare
    second = topic_of(spark, cfg)
    assert {track_id: second[track_id] for track_id in first} == first
    assert second["t:300"] == "4"
    assert names(topics(spark, cfg)) == {**before, "4": "Slow ambient"}

    forget(spark, cfg, 3)
    write_tracks(spark, cfg, range(4, 5))
    find_topics.run(spark, cfg)
    third = topic_of(spark, cfg)
    assert {track_id: third[track_id] for track_id in first} == first
    assert third["t:400"] == "5"
    found = topics(spark, cfg)
    assert {topic_id for topic_id, row in found.items() if row["retired"] and "." not in topic_id} == {"4"}
    assert player.topic("4") is None
    assert player.popular_in_topic("4", 5).tracks == ()
    assert {tile.music_topic_id for tile in player.topics()} == {*before, "5"}


def test_a_new_track_is_in_its_topic_at_once_and_placing_it_again_changes_nothing(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(3))
    find_topics.run(spark, cfg)
    before = topic_of(spark, cfg)
    write_tracks(spark, cfg, range(1, 2), range(20, 21))
    new = delta.existing_table(spark, cfg, TRACKS).where("track_id = 't:120'")
    place_new_tracks(spark, cfg, new)
    assert topic_of(spark, cfg) == before  # it has no sound yet
    fitted = current_sounds(cfg)
    assert fitted is not None
    write_sounds(spark, cfg, fitted, delta.existing_table(spark, cfg, TRACK_FEATURES))
    place_new_tracks(spark, cfg, new)
    assert topic_of(spark, cfg) == {**before, "t:120": before["t:100"]}
    commits = version(cfg, TRACK_TOPICS)
    place_new_tracks(spark, cfg, new)
    assert version(cfg, TRACK_TOPICS) == commits
    assert player.topic_places(["t:120"])["t:120"].music_topic_id == before["t:100"]


def test_the_map_has_the_topics_whichever_job_came_first(
    spark: SparkSession, cfg: Config, player: DocumentStore
) -> None:
    write_tracks(spark, cfg, range(2))
    fit_sounds.run(spark, cfg)
    map_tracks.run(spark, cfg)
    assert set(player.track_map().topics) == {None}
    find_topics.run(spark, cfg)
    drawn = player.track_map()
    assert dict(zip(drawn.track_ids, drawn.topics, strict=True)) == topic_of(spark, cfg)
    map_tracks.run(spark, cfg, refit=True)
    assert player.track_map() == drawn


def test_a_track_that_is_gone_has_no_topic_any_more(spark: SparkSession, cfg: Config, player: DocumentStore) -> None:
    write_tracks(spark, cfg, range(2))
    find_topics.run(spark, cfg)
    edition = player.topics_edition()
    assert set(player.topic_places(["t:000", "t:100"])) == {"t:000", "t:100"}
    forget(spark, cfg, 1)
    find_topics.run(spark, cfg)
    assert set(player.topic_places(["t:000", "t:100"])) == {"t:000"}
    assert None not in (edition, player.topics_edition())
    assert player.topics_edition() != edition


def test_before_topics_were_found_new_tracks_wait(spark: SparkSession, cfg: Config) -> None:
    write_tracks(spark, cfg, range(1))
    place_new_tracks(spark, cfg, delta.existing_table(spark, cfg, TRACKS))
    assert version(cfg, TRACK_TOPICS) is None


def test_a_handful_of_tracks_is_one_topic(spark: SparkSession, cfg: Config, player: DocumentStore) -> None:
    write_tracks(spark, cfg, range(1), range(6))
    assert " 6 tracks in 1 topics with 0 parts" in find_topics.run(spark, cfg)
    assert [tile.size for tile in player.topics()] == [6]


def test_a_catalogue_without_features_is_said(spark: SparkSession, cfg: Config) -> None:
    with pytest.raises(InputError, match="table track_features: is empty"):
        find_topics.run(spark, cfg)
