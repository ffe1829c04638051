"""What the store of the player's benchmark holds: the documents of a large catalogue as the jobs write them, and its
audio."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from synthetic_titles import GENRES, track_documents

from spotistream.demo.vorbis import write_vorbis
from spotistream.layouts import Collection
from spotistream.names import genre_id
from spotistream.serving.listening import Listen, Listening, Opinion, listening_document
from spotistream.serving.track_map import TrackMap, current_document, part_documents
from spotistream.tables import (
    ALBUMS_COLLECTION,
    ARTISTS_COLLECTION,
    CURRENT_TOPICS,
    GENRE_SHELF,
    GENRES_COLLECTION,
    LISTENING,
    MUSIC_TOPICS_COLLECTION,
    POPULAR_OVERALL,
    POPULAR_TRACKS,
    RECOMMENDATIONS_COLLECTION,
    SIMILAR_TRACKS,
    TOPIC_SHELF,
    TRACK_MAP_COLLECTION,
    TRACKS_COLLECTION,
    TRENDING_SHELF,
)

LISTENER = "maya"
LAST_WORD = "Zzyzxend"
"""In the title of the last track alone: who finds it has read the whole catalogue."""
MODEL = "synthetic"
TOPICS, POPULAR, SIMILAR, RECOMMENDED, HEARD, LIKED = 36, 100, 20, 50, 120, 40
AUDIO_FILES, AUDIO_S, SAMPLE_RATE = 4, 120, 44_100
WAVEFORM = bytes(range(256)) + bytes(range(255, -1, -1))

Documents = Iterator[tuple[Collection, Iterator[dict[str, Any]]]]


def audio_files(folder: Path) -> list[Path]:
    """A few tones as Ogg Vorbis, which all tracks share."""
    folder.mkdir(parents=True)
    times = np.arange(SAMPLE_RATE * AUDIO_S) / SAMPLE_RATE
    paths = [folder / f"{number}.ogg" for number in range(AUDIO_FILES)]
    for number, path in enumerate(paths):
        tone = 0.2 * np.sin(2 * math.pi * (220 + 40 * number) * times)
        samples = np.stack([tone, tone[::-1]], axis=1).astype(np.float32)
        write_vorbis(path, samples, sr=SAMPLE_RATE, tags={}, serial=number)
    return paths


def all_documents(tracks: int, audio: Sequence[Path], *, seed: int) -> Documents:
    """Every collection the player reads, each with its documents."""
    ids = [f"fma:{number + 1}" for number in range(tracks)]
    yield TRACKS_COLLECTION, tracks_of(tracks, audio, seed=seed)
    yield SIMILAR_TRACKS, similar(ids)
    yield ARTISTS_COLLECTION, groups(tracks, "artist", "name", seed=seed)
    yield ALBUMS_COLLECTION, groups(tracks, "album", "title", seed=seed)
    yield GENRES_COLLECTION, iter([{"_id": genre_id(each), "title": each, "parent_id": None} for each in GENRES])
    yield POPULAR_TRACKS, popular(ids, seed=seed)
    yield MUSIC_TOPICS_COLLECTION, topics(ids)
    yield TRACK_MAP_COLLECTION, drawn_map(ids, seed=seed)
    yield RECOMMENDATIONS_COLLECTION, iter([recommended(ids, seed=seed)])
    yield LISTENING, iter([listening(ids, seed=seed)])


def tracks_of(tracks: int, audio: Sequence[Path], *, seed: int) -> Iterator[dict[str, Any]]:
    """Each with all that a page of a track shows."""
    first = datetime(2020, 1, 1, tzinfo=UTC)
    for number, document in enumerate(track_documents(tracks, seed=seed)):
        path = audio[number % len(audio)]
        yield {
            **document,
            "title": f"{document['title']} {LAST_WORD}" if number == tracks - 1 else document["title"],
            "genre_ids": [genre_id(document["genre"])],
            "track_number": number % 11 + 1,
            "year": 1990 + number % 35,
            "licence": "CC BY 4.0",
            "source_url": f"https://example.org/tracks/{number + 1}",
            "duration_s": float(AUDIO_S),
            "format": "ogg",
            "path": str(path),
            "added_at": first + timedelta(minutes=number),
            "tempo": 60.0 + number % 120,
            "brightness": 800.0 + number % 2400,
            "energy": (number % 100) / 100,
            "loudness_lufs": -16.0,
            "waveform": WAVEFORM,
            "waveform_start_s": 0.0,
            "waveform_end_s": float(AUDIO_S),
        }


def similar(ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The tracks after it by sound, those some hundred further by listeners."""

    def entries(begin: int) -> list[dict[str, Any]]:
        return [{"track_id": ids[(begin + step) % len(ids)], "score": 1 / (step + 1)} for step in range(SIMILAR)]

    for number, track_id in enumerate(ids):
        lists = {"by_sound": entries(number + 1), "by_listeners": entries(number + 300)}
        yield {"_id": track_id, "model_version": MODEL, **lists}


def groups(tracks: int, kind: str, naming: str, *, seed: int) -> Iterator[dict[str, Any]]:
    """The artists or the albums of the tracks."""
    known: set[str] = set()
    for track in track_documents(tracks, seed=seed):
        group = track[f"{kind}_id"]
        if group not in known:
            known.add(group)
            yield {"_id": group, naming: track[kind], "source_url": f"https://example.org/{kind}s/{group}"}


def scored(ids: Sequence[str], rows: Sequence[int]) -> list[dict[str, Any]]:
    return [{"track_id": ids[row], "score": 1 / place} for place, row in enumerate(rows, start=1)]


def popular(ids: Sequence[str], *, seed: int) -> Iterator[dict[str, Any]]:
    """Shelves of the most played: of all, of each genre and topic; and what rises."""
    random = np.random.default_rng(seed)

    def shelf() -> list[dict[str, Any]]:
        return scored(ids, random.choice(len(ids), POPULAR, replace=False).tolist())

    keys = [f"{GENRE_SHELF}{genre_id(each)}" for each in GENRES] + [f"{TOPIC_SHELF}{each}" for each in range(TOPICS)]
    for key in (POPULAR_OVERALL, *keys):
        yield {"_id": key, "model_version": MODEL, "tracks": shelf()}
    yield {"_id": f"{TRENDING_SHELF}{POPULAR_OVERALL}", "window_end": datetime.now(UTC), "tracks": shelf()}


def topics(ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The list of topics, and each of them."""
    share = len(ids) // TOPICS
    tiles = [
        {
            "music_topic_id": str(number),
            "name": f"Topic {number}",
            "size": share,
            "covers": ids[number * share : number * share + 4],
        }
        for number in range(TOPICS)
    ]
    for number, tile in enumerate(tiles):
        typical = list(ids[number * share : number * share + 24])
        nearest = tiles[max(0, number - 3) : number + 3]
        facts = {"description": "Calm.", "typical": typical, "nearest": nearest, "tempo": 90.0, "energy": 0.4}
        yield {"_id": str(number), **tile, **facts}
    yield {"_id": CURRENT_TOPICS, "topics": tiles}


def drawn_map(ids: Sequence[str], *, seed: int) -> Iterator[dict[str, Any]]:
    """A cloud for each genre; the document that names the map comes last."""
    random = np.random.default_rng(seed)
    of = np.arange(len(ids)) // 8 % len(GENRES)
    centres = random.uniform(-0.7, 0.7, (len(GENRES), 2))
    places = np.clip(centres[of] + 0.12 * random.standard_normal((len(ids), 2)), -1, 1).round(5)
    drawn = TrackMap(
        map_version="v1",
        track_ids=tuple(ids),
        x=tuple(places[:, 0].tolist()),
        y=tuple(places[:, 1].tolist()),
        genres=tuple(GENRES[each] for each in of.tolist()),
        playable=(True,) * len(ids),
    )
    yield from part_documents(drawn)
    yield current_document(drawn)


def recommended(ids: Sequence[str], *, seed: int) -> dict[str, Any]:
    """The table of ``LISTENER``."""
    rows = np.random.default_rng(seed).choice(len(ids), RECOMMENDED, replace=False).tolist()
    reasons = [
        {"code": "because_played", "track_id": ids[7], "music_topic_id": None},
        {"code": "popular_in_topic", "track_id": None, "music_topic_id": "1"},
    ]
    table = [
        {"rank": rank, "track_id": ids[row], "score": 1 / rank, "reason": reasons[rank % 2]}
        for rank, row in enumerate(rows, start=1)
    ]
    now = datetime.now(UTC)
    cause = {"event_id": "e1", "track_id": ids[7], "action": "play", "event_time": now}
    facts = {"version": 1, "model_version": MODEL, "updated_at": now, "caused_by": cause}
    return {"_id": LISTENER, **facts, "recommendations": table}


def listening(ids: Sequence[str], *, seed: int) -> dict[str, Any]:
    """What ``LISTENER`` heard and likes."""
    rows = np.random.default_rng(seed + 1).choice(len(ids), HEARD, replace=False).tolist()
    at = round(datetime.now(UTC).timestamp() * 1000)
    heard = [
        Listen(f"s {ids[row]}", ids[row], at - 240_000 * place, "complete", 120_000, (f"e{place}",))
        for place, row in enumerate(rows)
    ]
    likes = [Opinion(ids[row], "like", at - 1000 * place, f"l{place}") for place, row in enumerate(rows[:LIKED])]
    return listening_document(LISTENER, Listening(0, tuple(heard), tuple(likes)))
