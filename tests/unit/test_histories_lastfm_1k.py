from datetime import UTC, datetime

import pytest

from spotistream.errors import InputError
from spotistream.histories.formats import history_files
from spotistream.histories.lastfm_1k import LastFm1k, parse_line
from spotistream.histories.listens import Listen, Rejected, track_id, valid_user_id
from spotistream.names import name_hash

ARTIST_MBID = "a7f7df4a-77d8-4f12-8acd-5c60c93f4de8"
TRACK_MBID = "f1b1cf71-bd35-4e99-8624-24a6e15f133a"
PLAYED_AT = datetime(2009, 5, 4, 13, 54, 10, tzinfo=UTC)


def line(*, user="user_1", time="2009-05-04T13:54:10Z", artist="坂本龍一", track_mbid="", title="Mc2"):
    return "\t".join((user, time, ARTIST_MBID, artist, track_mbid, title)).encode() + b"\n"


def test_a_line_is_a_listen():
    expected = Listen(7, "user_1", PLAYED_AT, "坂本龍一", "Mc2", artist_mbid=ARTIST_MBID)
    assert parse_line(7, line()) == expected
    assert parse_line(7, line().replace(b"\n", b"\r\n")) == expected


def test_a_track_has_its_mbid_as_id_else_the_hash_of_its_names():
    assert track_id(parse_line(1, line(track_mbid=TRACK_MBID))) == f"lastfm:{TRACK_MBID}"
    assert track_id(parse_line(1, line(artist="Björk", title="Jóga"))) == f"lastfm:{name_hash('bjork', 'joga')}"
    assert track_id(parse_line(1, line(track_mbid="not-an-mbid"))) == f"lastfm:{name_hash('坂本龍一', 'Mc2')}"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"one\ttwo\n", "has 2 fields, not 6"),
        (line(user=" "), "has no user"),
        (line(artist=""), "has no artist"),
        (line(title=""), "has no title"),
        (line(time="yesterday"), "has no time like 2009-05-04T23:08:57Z"),
        (line(time="2009-02-30T00:00:00Z"), "has no time like 2009-05-04T23:08:57Z"),
        (line()[:-1] + b"\xff\n", "is not UTF-8"),
    ],
)
def test_a_bad_line_is_rejected_with_its_number_and_reason(raw, reason):
    rejected = parse_line(3, raw)
    assert isinstance(rejected, Rejected)
    assert (rejected.number, rejected.reason) == (3, reason)


def test_a_bad_line_does_not_end_the_reading(tmp_path):
    path = tmp_path / "history.tsv"
    path.write_bytes(line() + b"broken\n\n" + line(title="Next\u2028part"))
    entries = list(LastFm1k().read(path))
    assert [type(entry) for entry in entries] == [Listen, Rejected, Listen]
    assert [entry.number for entry in entries] == [1, 2, 4]


def test_a_header_is_no_entry(tmp_path):
    path = tmp_path / "history.tsv"
    path.write_bytes(b"user\ttimestamp\tartist_id\tartist\ttrack_id\tsong\n" + line())
    assert [entry.number for entry in LastFm1k().read(path)] == [2]


def test_the_sample_is_read_whole(shared_data):
    (_, (path, reader)) = history_files(shared_data / "listening" / "lastfm-1k-sample")
    entries = list(reader.read(path))
    assert reader.name == "Last.fm-1k"
    assert len(entries) == 5000
    assert all(isinstance(entry, Listen) for entry in entries)
    assert sum(entry.artist_mbid is None for entry in entries) == 353
    assert {entry.user for entry in entries} == {"user_000001", "user_000002"}
    assert len({track_id(entry) for entry in entries}) == 1192


def test_what_is_no_history_is_one_line(tmp_path):
    (tmp_path / "notes.txt").write_text("hello\n")
    for path, problem in (
        (tmp_path / "gone.tsv", "there is no such file"),
        (tmp_path / "notes.txt", "is not a listening history of a known format"),
        (tmp_path, "is not a listening history of a known format"),
    ):
        with pytest.raises(InputError, match=problem):
            history_files(path)


@pytest.mark.parametrize("name", ["user_000001", "a.b-c", "x" * 64])
def test_a_valid_user_id_stays(name):
    assert valid_user_id(name) == name


def test_other_names_become_user_ids_of_their_own():
    made = [valid_user_id(name) for name in ("Ann Smith", "Ann_Smith", "Ann/Smith", "", "ünï", "x" * 65)]
    assert len(set(made)) == 6
    assert all(len(name) <= 64 for name in made)
    assert made[0] == "Ann_Smith-716955"
