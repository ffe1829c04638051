"""A trained model that takes up tracks which came, changed or went."""

from __future__ import annotations

import numpy as np
import pytest
from model_fixtures import served_model

from spotistream.models.als import Als
from spotistream.models.extension import TrackFacts, chosen, differs, extended
from spotistream.models.served import ServedModel
from spotistream.pipelines.shelf_documents import LOOKED_UP_AGAIN, neighbours, rows_near, similar_documents


def model() -> ServedModel:
    """Three tracks, b, d and f, of two artists."""
    return served_model(
        ["t:b", "t:d", "t:f"],
        artist_ids=["a:1", "a:2", "a:1"],
        duration_ms=[1000, 2000, np.nan],
        factors=[[1, 0], [0, 1], [1, 1]],
        sounds=[[1, 0], [0, 1], [0, 0]],
        popularity=[1.0, 0.5, 0.0],
    )


def factors(of: ServedModel) -> list[list[float]]:
    part = of.hybrid.parts["als"]
    assert isinstance(part, Als)
    return part.factors.tolist()


def facts(*tracks: tuple[str, str, bool, float, list[float]]) -> TrackFacts:
    ids, artists, playable, durations, sounds = zip(*tracks, strict=True)
    return TrackFacts(
        np.array(ids), np.array(artists), np.array(playable), np.array(durations, dtype=np.float32),
        np.array([""] * len(ids)), np.array(sounds, dtype=np.float32),
    )  # fmt: skip


NEW = ("t:a-long-id", "a:another-artist", True, 3000.0, [0.8, 0.6])
GONE = ("t:d", "a:2", False, 2000.0, [0.0, 1.0])
SAME = ("t:f", "a:1", True, float("nan"), [0.0, 0.0])


def test_a_new_track_is_sorted_in_with_its_sound_and_no_past() -> None:
    new = extended(model(), facts(NEW), version="m2")
    assert new.version == "m2"
    assert new.track_ids.tolist() == ["t:a-long-id", "t:b", "t:d", "t:f"]
    assert new.artist_ids.tolist() == ["a:another-artist", "a:1", "a:2", "a:1"]
    assert (new.index["t:a-long-id"], new.index["t:f"]) == (0, 3)
    assert factors(new) == [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert new.popularity.tolist() == [0.0, 1.0, 0.5, 0.0]
    assert new.sounds[0].tolist() == pytest.approx([0.8, 0.6])
    assert new.artists[1] == new.artists[3] != new.artists[0]


def test_a_track_that_is_gone_keeps_what_was_learned_and_is_not_playable() -> None:
    new = extended(model(), facts(GONE), version="m2")
    assert new.playable.tolist() == [True, False, True]
    assert factors(new) == factors(model())


def test_only_what_the_model_does_not_know_so_differs() -> None:
    unheard = ("t:x", "a:3", False, 1.0, [0.0, 0.0])
    found = facts(NEW, GONE, SAME, unheard)
    assert differs(model(), found).tolist() == [True, True, False, False]
    assert chosen(found, differs(model(), found)).track_ids.tolist() == ["t:a-long-id", "t:d"]


def test_the_old_model_is_left_as_it_was() -> None:
    old = model()
    extended(old, facts(NEW, GONE), version="m2")
    assert old.playable.all()
    assert old.sounds.tolist() == model().sounds.tolist()


def test_a_new_track_is_among_the_similar_ones_of_the_others() -> None:
    new = extended(model(), facts(NEW), version="m2")
    rows = rows_near(new, np.array([0]))
    lists = neighbours(new, n=5, exact_tracks=100, rows=rows)
    near = {d["_id"]: d for d in similar_documents(new, *lists, rows=rows)}
    assert [s["track_id"] for s in near["t:b"]["by_sound"]] == ["t:a-long-id"]
    assert [s["track_id"] for s in near["t:a-long-id"]["by_sound"]] == ["t:b", "t:d"]
    assert near["t:b"]["model_version"] == "m2"


def test_in_a_large_catalogue_only_the_neighbourhood_is_looked_up_again() -> None:
    n = LOOKED_UP_AGAIN + 1
    sounds = np.random.default_rng(1).normal(size=(n, 8)).astype(np.float32)
    sounds /= np.linalg.norm(sounds, axis=1, keepdims=True)
    large = served_model([f"t:{i:05}" for i in range(n)], sounds=sounds)
    rows = rows_near(large, np.array([7]))
    nearest = np.argsort(-(sounds @ sounds[7]))[:201]
    assert sorted(rows.tolist()) == sorted(nearest.tolist())
