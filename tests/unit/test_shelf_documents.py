"""Documents of similar tracks from a model, and from neighbours of any kind."""

from __future__ import annotations

import numpy as np
import pytest
from model_fixtures import served_model

from spotistream.models.cosine import ItemCosine
from spotistream.models.interactions import Interactions
from spotistream.models.served import ServedModel
from spotistream.pipelines.shelf_documents import neighbours, offered, similar_documents

FACTS = {
    "track_ids": np.array(["t:a", "t:b", "t:c", "t:d"]),
    "artist_ids": np.array(["a:1", "a:2", "a:3", "a:4"]),
    "playable": np.array([True, True, True, True]),
    "duration_ms": np.array([1000, 9000, 30000, 60000], dtype=np.float32),
    "factors": np.array([[2, 0], [0, 1], [1, 0], [0, 3]], dtype=np.float32),
    "sounds": np.array([[1, 0], [0.8, 0.6], [0, 1], [0.96, 0.28]], dtype=np.float32),
    "popularity": np.array([1, 0.5, 0, 0], dtype=np.float32),
}


def model(**changes: object) -> ServedModel:
    """Sounds a, b and d are near each other and c apart; listeners hear a with c, and b with d."""
    given = {name: value.tolist() for name, value in (FACTS | changes).items()}
    return served_model(given.pop("track_ids"), **given)


def documents(of: ServedModel, *, n: int = 3, rows: np.ndarray | None = None) -> dict[str, dict]:
    return {d["_id"]: d for d in similar_documents(of, *neighbours(of, n=n, exact_tracks=100, rows=rows), rows=rows)}


def ids(entries: list[dict]) -> list[str]:
    return [entry["track_id"] for entry in entries]


def test_each_track_has_its_nearest_by_sound_and_by_listeners() -> None:
    made = documents(model())
    assert list(made) == ["t:a", "t:b", "t:c", "t:d"]
    assert made["t:b"] == {
        "_id": "t:b",
        "model_version": "m1",
        "by_sound": [
            {"track_id": "t:d", "score": pytest.approx(0.936)},
            {"track_id": "t:a", "score": pytest.approx(0.8)},
            {"track_id": "t:c", "score": pytest.approx(0.6)},
        ],
        "by_listeners": [{"track_id": "t:d", "score": 1.0}],
    }
    assert ids(made["t:a"]["by_listeners"]) == ["t:c"]


def test_only_so_many_as_are_kept_and_only_rows_that_are_asked_for() -> None:
    made = documents(model(), n=1, rows=np.array([3, 0]))
    assert {key: ids(document["by_sound"]) for key, document in made.items()} == {"t:d": ["t:a"], "t:a": ["t:d"]}


def test_a_track_that_cannot_be_played_has_neighbours_and_is_none() -> None:
    made = documents(model(playable=np.array([True, True, True, False])))
    assert ids(made["t:d"]["by_sound"]) == ["t:a", "t:b", "t:c"]
    assert not any("t:d" in ids(d[kind]) for d in made.values() for kind in ("by_sound", "by_listeners"))


def test_copies_of_a_recording_do_not_fill_the_lists() -> None:
    copies = 6
    many = model(**{
        name: np.concatenate([
            values, [f"u:{i}" for i in range(copies)] if name == "track_ids" else np.repeat(values[:1], copies, axis=0)
        ])
        for name, values in FACTS.items()
    })  # fmt: skip
    made = documents(many)
    assert ids(made["t:d"]["by_sound"]) == ["t:a", "t:b", "t:c"]
    assert ids(made["t:a"]["by_sound"]) == ["t:d", "t:b"]
    assert ids(made["u:3"]["by_listeners"]) == ["t:c"]
    assert ids(made["t:c"]["by_listeners"]) == ["t:a"]


def test_neighbours_of_any_recommender_become_documents() -> None:
    of = model(playable=np.array([True, True, False, True]))
    plays = [
        ("u:1", "t:a"),
        ("u:1", "t:c"),
        ("u:1", "t:d"),
        ("u:2", "t:a"),
        ("u:2", "t:c"),
        ("u:3", "t:b"),
        ("u:3", "t:d"),
    ]
    users, tracks = zip(*plays, strict=True)
    found = ItemCosine.fit(Interactions.of_pairs(users, tracks), {"shrinkage": 0.0}).similar(np.arange(4), n=4)
    by_listeners = offered(of, found, n=2)
    by_sound, _ = neighbours(of, n=2, exact_tracks=100)
    made = {d["_id"]: d for d in similar_documents(of, by_sound, by_listeners)}
    assert ids(made["t:a"]["by_listeners"]) == ["t:d"]
    assert ids(made["t:d"]["by_listeners"]) == ["t:b", "t:a"]
