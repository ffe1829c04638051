"""Playlists of other players, as they write them, and ours, which comes back as it was."""

from __future__ import annotations

import json

import pytest

from spotistream.errors import InputError
from spotistream.names import artist_id
from spotistream.serving.catalogue import catalogue_of, track_row
from spotistream.serving.playlist_files import (
    MAX_ENTRIES,
    MAX_FILE_BYTES,
    Entry,
    PlaylistFile,
    file_name,
    parse_file,
    to_jspf,
    to_m3u,
)
from spotistream.serving.playlist_import import candidates_of, resolved

OURS = PlaylistFile(
    "Früh am Morgen",
    "Maya",
    (
        Entry(1, "http://h:8050/media/fma:2", "http://h:8050/track/fma:2", "fma:2", "Café, del Mar", "Zoë - Band",
              "An\nAlbum", duration_s=187.4),
        Entry(2, "http://h:8050/media/file:ab", "http://h:8050/track/file:ab", "file:ab", "Untitled", "X"),
    ),
)  # fmt: skip


def test_a_written_m3u_is_what_players_read() -> None:
    assert to_m3u(OURS) == (
        "#EXTM3U\n#EXTENC:UTF-8\n#PLAYLIST:Früh am Morgen\n"
        "#EXTINF:187,Zoë - Band - Café, del Mar\n#EXTALB:An Album\nhttp://h:8050/media/fma:2\n"
        "#EXTINF:-1,X - Untitled\nhttp://h:8050/media/file:ab\n"
    )


def test_a_written_jspf_has_the_fields_of_the_format() -> None:
    playlist = json.loads(to_jspf(OURS))["playlist"]

    assert (playlist["title"], playlist["creator"]) == ("Früh am Morgen", "Maya")
    assert playlist["track"][0] == {
        "title": "Café, del Mar",
        "creator": "Zoë - Band",
        "album": "An\nAlbum",
        "location": ["http://h:8050/media/fma:2"],
        "identifier": ["http://h:8050/track/fma:2"],
        "duration": 187400,
    }


@pytest.mark.parametrize("text", [to_m3u(OURS), to_jspf(OURS)])
def test_what_was_written_is_read_again(text: str) -> None:
    found = parse_file(text.encode())

    assert found.name == OURS.name
    assert [entry.track_id for entry in found.entries] == ["fma:2", "file:ab"]


def test_files_of_other_players_are_read() -> None:
    content = (
        '\ufeff#EXTM3U\r\n#EXTINF:215 logo="a,b.jpg",Sigur Rós – Hoppípolla\r\n'
        "#EXTALB:Takk\r\nC:\\Music\\Sigur Rós\\01 Hoppípolla.mp3\r\n# a note\r\n\r\n"
        "../Music/Nils Frahm - Says.flac\r\n#EXTINF:-1,Radio, live\r\nhttp://radio.example/stream\r\n"
    ).encode()

    first, second, third = parse_file(content).entries

    assert (first.place, first.display, first.album, first.duration_s) == (4, "Sigur Rós – Hoppípolla", "Takk", 215.0)
    assert (second.name, second.display, second.album) == ("Nils Frahm - Says", "", "")
    assert (third.display, third.duration_s, third.track_id) == ("Radio, live", None, None)


def test_an_old_m3u_in_windows_1252_keeps_its_letters() -> None:
    (entry,) = parse_file("#EXTM3U\n#EXTINF:1,Björk - Jóga\nb.mp3\n".encode("cp1252")).entries

    assert entry.display == "Björk - Jóga"


def test_jspf_of_listenbrainz_with_one_identifier_as_text_is_read() -> None:
    address = "https://musicbrainz.org/recording/1"
    track = {"title": "Says", "creator": "Nils Frahm", "identifier": address, "duration": 8e5}
    (entry,) = parse_file(json.dumps({"playlist": {"title": "x", "track": [track, 7]}}).encode()).entries

    assert (entry.title, entry.artist, entry.page, entry.duration_s) == (
        "Says", "Nils Frahm", address, 800.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no tracks"),
        (b"#EXTM3U\n#EXTINF:1,Only words\n", "no tracks"),
        (b"{", "no JSON"),
        (b'{"playlist": ' + b"[" * 200_000, "no JSON"),
        (b'{"playlist": {"track": {}}}', "without the tracks"),
        (b'{"a": 1}', "without the tracks"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n", "HLS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not text"),
        (b"a.mp3\n" * (MAX_ENTRIES + 1), "more than 10,000"),
        (b" " * (MAX_FILE_BYTES + 1), "more than 4 MB"),
    ],
)
def test_what_is_no_playlist_is_refused_in_words(content: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_file(content)


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("/music/a b/01 Song.flac", "01 Song"),
        (r"D:\Music\Song.v2.mp3", "Song.v2"),
        ("http://h/x/Caf%C3%A9.ogg?a=1", "Café"),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_the_name_of_a_file_is_what_is_left_of_its_path(location: str, name: str) -> None:
    assert file_name(location) == name


def test_entries_are_found_by_id_by_names_and_by_the_name_of_the_file() -> None:
    catalogue = [
        {"_id": "t:1", "artist_id": artist_id("Sigur Rós"), "title": "Hoppípolla", "album_id": "h", "album": "Hlemmur"},
        {"_id": "t:2", "artist_id": artist_id("Sigur Rós"), "title": "Hoppípolla", "album_id": "k", "album": "Takk"},
        {"_id": "t:3", "artist_id": artist_id("Nils Frahm"), "title": "Says"},
        {"_id": "t:4", "artist_id": artist_id("A - B"), "title": "C"},
    ]
    entries = [
        Entry(1, title="HOPPIPOLLA", artist="sigur ros", album="takk"),
        Entry(2, location="/m/03 - Nils Frahm - Says.flac"),
        Entry(3, display="A - B - C"),
        Entry(4, track_id="fma:9", location="http://x/media/fma:9"),
        Entry(5, display="Says - Nils Frahm"),
        Entry(6, display="Nils Frahm - Says"),
        Entry(7, location="stream"),
    ]

    artists = [artist_id(name) for name in ("Sigur Rós", "Nils Frahm", "A - B", "A", "Says")]
    found = resolved(entries, frozenset({"fma:9"}), candidates_of(catalogue_of(map(track_row, catalogue)), artists))

    assert found.tracks == ("t:2", "t:3", "t:4", "fma:9")
    assert [(entry.place, entry.name) for entry in found.missing] == [(5, "Says - Nils Frahm"), (7, "stream")]
    assert found.repeated == 1
