import pytest

from spotistream.names import album_id, artist_id, fold_name, name_hash


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Sigur Rós", "sigur ros"),
        ("  Björk\t ", "bjork"),
        ("BEYONCÉ", "beyonce"),
        ("Beyonce\u0301", "beyonce"),
        ("AC/DC", "ac dc"),
        ("Don't Stop", "dont stop"),
        ("Don’t Stop", "dont stop"),
        ("Jay-Z", "jay z"),
        ("snake_case", "snake case"),
        ("Straße", "strasse"),
        ("ﬁre", "fire"),
        ("坂本龍一", "坂本龍一"),
        ("がか", "がか"),
        ("!!!", "!!!"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_a_name_is_folded(name, folded):
    assert fold_name(name) == folded


def test_vowel_signs_of_other_scripts_stay():
    assert fold_name("हिन्दी") != fold_name("हिन्दू")


def test_folding_a_folded_name_changes_nothing():
    for name in ("Sigur Rós", "AC/DC", "İstanbul", "Σίσυφος", "!!!"):
        assert fold_name(fold_name(name)) == fold_name(name)


def test_one_artist_written_two_ways_has_one_id():
    assert artist_id("Sigur Rós") == artist_id("sigur ros") == name_hash("Sigur Ros")
    assert len(artist_id("Sigur Rós")) == 16


def test_albums_of_one_title_by_two_artists_differ():
    assert album_id("Weezer", "Weezer") == album_id("weezer", "WEEZER")
    assert album_id("Peter Gabriel", "Live") != album_id("Talk Talk", "Live")
    assert name_hash("a b", "c") != name_hash("a", "b c")
