"""Search over a small catalogue whose answers are obvious."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from spotistream.serving.catalogue import Catalogue, catalogue_of, track_row
from spotistream.serving.search import SearchIndex
from spotistream.serving.texts import Texts
from spotistream.serving.words import Words, words_of


def document(number: int, title: str, artist: str, album: str = "Ágætis byrjun", **values: Any) -> dict[str, Any]:
    ids = {"artist_id": f"a-{artist}", "album_id": f"l-{artist}-{album}"}
    given = {"title": title, "artist": artist, "album": album, **ids, "genre": "Post-Rock", "playable": True}
    return {"_id": f"demo:{number}", **given, **values}


DOCUMENTS = [
    document(1, "Svefn-g-englar", "Sigur Rós", track_number=2),
    document(2, "Starálfur", "Sigur Rós", track_number=1, added_at=datetime(2026, 1, 2, tzinfo=UTC)),
    document(3, "Star", "Björk", "Début", genre="Pop", added_at=datetime(2026, 1, 1, tzinfo=UTC)),
    document(4, "Moonlight Sonata", "Ludwig van Beethoven", "Sonatas", genre="Classical"),
    document(5, "Star", "Nobody", "Silence", genre="Pop", playable=False, added_at=datetime(2026, 1, 3, tzinfo=UTC)),
    document(6, "Mø", "MØ", "Forever", genre="Pop"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return catalogue_of(map(track_row, DOCUMENTS), popular=["demo:2"], genre_titles={"pop": "Pop music"})


@pytest.fixture(scope="module")
def index(catalogue: Catalogue) -> SearchIndex:
    return SearchIndex(catalogue)


def found(index: SearchIndex, query: str, **how: Any) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in index.search(query, **{"limit": 5, **how})]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sigur ros", ("artist", "Sigur Rós")),
        ("SIGUR RÓS", ("artist", "Sigur Rós")),
        ("sig", ("artist", "Sigur Rós")),
        ("beethoven", ("artist", "Ludwig van Beethoven")),
        ("bethoven", ("artist", "Ludwig van Beethoven")),
        ("beehtov", ("artist", "Ludwig van Beethoven")),
        ("mooonlight sonat", ("track", "Moonlight Sonata")),
        ("agaetis byrjun", ("album", "Ágætis byrjun")),
        ("mo", ("artist", "MØ")),
        ("pop musik", ("genre", "Pop music")),
        ("staralfur sigur", ("track", "Starálfur")),
    ],
)
def test_first_hit_is_what_was_meant(index: SearchIndex, query: str, first: tuple[str, str]) -> None:
    assert found(index, query)[0] == first


def test_track_without_audio_comes_after_the_same_title_with_audio(index: SearchIndex) -> None:
    assert [hit.id for hit in index.search("star", limit=5, kind="track")] == ["demo:3", "demo:2", "demo:5"]


@pytest.mark.parametrize("query", ["", "   ", "zzzzzz", "!?", "\ud800", "a" * 5000, "' OR 1=1 --", "\0"])
def test_query_without_an_answer_or_sense_finds_nothing_and_does_no_harm(index: SearchIndex, query: str) -> None:
    assert found(index, query) == []


def test_empty_catalogue_finds_nothing() -> None:
    assert SearchIndex(catalogue_of([])).search("star", limit=5) == []


def test_short_words_are_not_taken_for_misspelt(index: SearchIndex) -> None:
    assert found(index, "stx") == []


def test_distances_are_those_of_rapidfuzz() -> None:
    draw = np.random.default_rng(5)
    words = sorted({"".join(draw.choice(list("abcde"), size)) for size in draw.integers(1, 10, 400)})
    table = Words(words)
    for typed in ["abcde", "aabbc", "ba", "edcbaedc"]:
        for typos in (1, 2):
            rows, distance = table.near(typed, typos=typos, begun=False)
            expected = {word: OSA.distance(typed, word) for word in words}
            assert {words[row]: int(far) for row, far in zip(rows, distance, strict=True)} == {
                word: far for word, far in expected.items() if far <= typos
            }


def test_begun_word_with_a_typo_finds_longer_words() -> None:
    table = Words(["beethoven", "beat"])
    rows, distance = table.near("betho", typos=1, begun=True)

    assert rows.tolist() == [1]
    assert distance.tolist() == [1]


def test_words_are_without_case_accents_and_signs() -> None:
    assert words_of("Sigur Rós – Ágætis (Ljósið)") == ["sigur", "ros", "agaetis", "ljosid"]


def test_groups_hold_their_tracks_best_known_first(catalogue: Catalogue) -> None:
    artist = catalogue.artists.ids.place_of("a-Sigur Rós")
    assert artist is not None
    assert [catalogue.track_ids[row] for row in catalogue.artists.tracks_of(artist)] == ["demo:2", "demo:1"]
    assert catalogue.genres.names[:] == ["Classical", "Pop music", "Post-Rock"]
    assert catalogue.genres.sizes.tolist() == [1, 3, 2]
    assert catalogue.artists.ids.place_of("a-Sigur") is None


def test_newest_are_playable_and_dated(catalogue: Catalogue) -> None:
    assert catalogue.newest(5) == ["demo:2", "demo:3"]


def test_catalogue_made_of_its_own_rows_is_the_same(catalogue: Catalogue) -> None:
    again = catalogue_of(catalogue.rows(), popular=["demo:2"], genre_titles={"pop": "Pop music"})

    assert again.track_ids[:] == catalogue.track_ids[:]
    for column in ("artist", "album", "fame", "plays", "playable", "added", "number"):
        np.testing.assert_array_equal(getattr(again, column), getattr(catalogue, column))
    np.testing.assert_array_equal(again.genres.members, catalogue.genres.members)


def test_texts_are_those_that_went_in_whatever_they_are() -> None:
    given = ["", "é", "演歌", "\ud800", "plain"]
    texts = Texts(given)

    assert texts[:] == given
    assert list(texts) == given
    with pytest.raises(IndexError):
        texts[5]
