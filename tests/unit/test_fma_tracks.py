"""Tracks, artists, albums and genres of FMA's files: literal records, and what is published of the real ones."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from spotistream.catalogue.fma.genres import Genre, Genres, read_genres
from spotistream.catalogue.fma.pages import Pages, read_pages
from spotistream.catalogue.fma.records import CsvRecords, Rejected
from spotistream.catalogue.fma.source import TRACKS, metadata_at
from spotistream.catalogue.fma.top_genres import top_genres
from spotistream.catalogue.fma.tracks import HEADER_ROWS, TrackRecord, Tracks
from spotistream.errors import InputError
from spotistream.names import album_id, artist_id
from spotistream.tables import ALBUMS, ARTISTS, GENRES, TRACK_METADATA

COLUMNS = (
    "album date_released", "album id", "album information", "album title", "artist bio", "artist id", "artist latitude",
    "artist name", "artist website", "set split", "track date_created", "track date_recorded", "track duration",
    "track genre_top", "track genres", "track genres_all", "track number", "track tags", "track title",
)  # fmt: skip
FOOD = {
    "album date_released": "2009-01-05 00:00:00", "album id": "1", "album title": "A Way Of Life",
    "artist bio": "<p>From <b>NJ</b></p>", "artist id": "1", "artist latitude": "40.05", "artist name": "AWOL",
    "set split": "training", "track date_created": "2008-11-26 01:48:12", "track duration": "168",
    "track genre_top": "Hip-Hop", "track genres": "[21]", "track genres_all": "[21]", "track number": "3",
    "track tags": "[]", "track title": "Food",
}  # fmt: skip
ROCK, PUNK, NOISE = (
    Genre(12, "Rock", None, None, None), Genre(25, "Punk", 12, None, None), Genre(89, "Post-Punk", 25, None, None)
)  # fmt: skip
TREE = Genres({genre.number: genre for genre in (ROCK, PUNK, NOISE)})


def write_tracks(path: Path, *records: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A ``tracks.csv`` of these records; ``id`` is the number of the track."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for place in (0, 1):
        writer.writerow(["", *(column.split()[place] for column in columns)])
    writer.writerow(["track_id", *("" for _ in columns)])
    writer.writerows([record["id"], *(record.get(column, "") for column in columns)] for record in records)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(path: Path, *, genres: Genres = TREE, pages: Pages | None = None) -> list[TrackRecord | Rejected]:
    metadata = metadata_at(path)
    with metadata.open(TRACKS) as stream:
        records = CsvRecords(stream, file=metadata.label(TRACKS), header_rows=HEADER_ROWS)
        return list(Tracks(records, genres, pages or Pages()))


def read_one(path: Path, **changes: str) -> TrackRecord:
    changed = {name.replace("__", " "): value for name, value in changes.items()}
    (found,) = read(write_tracks(path / "tracks.csv", {"id": "2", **FOOD, **changed}))
    assert isinstance(found, TrackRecord)
    return found


def test_a_record_is_a_track_with_its_artist_and_its_album(tmp_path: Path) -> None:
    pages = Pages(tracks={2: "http://fma/t"}, artists={1: "http://fma/a"}, albums={1: "http://fma/l"})
    (food,) = read(write_tracks(tmp_path / "tracks.csv", {"id": "2", **FOOD}), pages=pages)
    assert isinstance(food, TrackRecord)
    awol, way_of_life = artist_id("AWOL"), album_id("AWOL", "A Way Of Life")
    assert food.track == dict.fromkeys(TRACK_METADATA.columns) | {
        "track_id": "fma:2", "title": "Food", "artist_id": awol, "artist": "AWOL", "album_id": way_of_life,
        "album": "A Way Of Life", "genre": "Hip-Hop", "genre_ids": ["hip-hop"], "track_number": 3, "year": 2009,
        "added_at": datetime(2008, 11, 26, 1, 48, 12, tzinfo=UTC), "duration_s": 168.0, "split": "training",
        "source_url": "http://fma/t",
    }  # fmt: skip
    assert food.artist == dict.fromkeys(ARTISTS.columns) | {
        "artist_id": awol, "name": "AWOL", "source_id": "fma:1", "latitude": 40.05, "biography": "From NJ",
        "source_url": "http://fma/a",
    }  # fmt: skip
    assert food.album == dict.fromkeys(ALBUMS.columns) | {
        "album_id": way_of_life, "title": "A Way Of Life", "artist_id": awol, "artist": "AWOL", "source_id": "fma:1",
        "released_on": date(2009, 1, 5), "source_url": "http://fma/l",
    }  # fmt: skip
    assert (food.number, food.spoiled) == (2, 0)


def test_an_artist_and_an_album_are_told_once(tmp_path: Path) -> None:
    second = {**FOOD, "id": "3", "track title": "Electric Ave", "artist name": "awol"}
    _, other = read(write_tracks(tmp_path / "tracks.csv", {"id": "2", **FOOD}, second))
    assert isinstance(other, TrackRecord)
    assert (other.track["title"], other.artist, other.album) == ("Electric Ave", None, None)


def test_the_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    usual = read(write_tracks(tmp_path / "tracks.csv", {"id": "2", **FOOD}))
    assert read(write_tracks(tmp_path / "tracks.csv", {"id": "2", **FOOD}, columns=COLUMNS[::-1])) == usual


def test_genres_come_with_all_their_parents(tmp_path: Path) -> None:
    assert read_one(tmp_path, track__genres="[89]", track__genres_all="[89, 25, 12]", track__genre_top="").track[
        "genre_ids"
    ] == ["post-punk", "punk", "rock"]


@pytest.mark.parametrize(
    ("top", "genres", "genre", "genre_ids"),
    [
        ("", "[89]", "Rock", ["post-punk", "punk", "rock"]),
        ("Pop", "[25]", "Pop", ["punk", "rock", "pop"]),
        ("", "[7]", None, None),
        ("", "[]", None, None),
        ("Hip-Hop", "[7]", "Hip-Hop", ["hip-hop"]),
    ],
)
def test_the_main_genre(tmp_path: Path, top: str, genres: str, genre: str | None, genre_ids: list[str] | None) -> None:
    track = read_one(tmp_path, track__genre_top=top, track__genres=genres, track__genres_all=genres).track
    assert (track["genre"], track["genre_ids"]) == (genre, genre_ids)


def test_the_year_is_that_of_the_album_else_of_the_recording(tmp_path: Path) -> None:
    recorded = "1999-12-31 00:00:00"
    assert read_one(tmp_path, track__date_recorded=recorded).track["year"] == 2009
    assert read_one(tmp_path, track__date_recorded=recorded, album__date_released="").track["year"] == 1999


def test_cells_that_are_no_values_are_null_and_counted_once_each(tmp_path: Path) -> None:
    found = read_one(
        tmp_path, track__duration="long", track__number="-1", artist__latitude="91", track__genres="21",
        artist__website="javascript:alert(1)", album__date_released="2009-13-01 00:00:00",
    )  # fmt: skip
    nothing = ("duration_s", "track_number", "year")
    assert [found.track[name] for name in nothing] == [None] * 3
    assert (found.artist or {})["latitude"] is (found.artist or {})["website"] is (found.album or {})["released_on"]
    assert found.spoiled == 5


def test_a_record_without_names_is_a_track(tmp_path: Path) -> None:
    found = read_one(tmp_path, artist__name="", track__title="")
    assert (found.artist, found.album) == (None, None)
    assert (found.track["album"], found.track["title"]) == ("A Way Of Life", None)


def test_a_number_that_is_none_or_was_there_rejects_the_record(tmp_path: Path) -> None:
    file = write_tracks(tmp_path / "tracks.csv", *({**FOOD, "id": number} for number in ("2", "two", "-5", "2", "02")))
    first, *others = read(file)
    assert isinstance(first, TrackRecord)
    assert [(r.line, r.code, r.reason) for r in others if isinstance(r, Rejected)] == [
        (5, "id", "its track_id 'two' is no whole number"),
        (6, "id", "its track_id '-5' is no whole number"),
        (7, "duplicate", "track 2 was there before"),
        (8, "duplicate", "track 2 was there before"),
    ]


def test_a_file_that_lacks_a_column_or_is_another_is_one_line(tmp_path: Path) -> None:
    lacking = write_tracks(tmp_path / "tracks.csv", columns=("track title", "album title"))
    with pytest.raises(InputError, match=r"^tracks.csv: lacks the column artist name; use the file as FMA publishes"):
        read(lacking)
    lacking.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(InputError, match=r"^tracks.csv: is not FMA's tracks.csv: the third of its header rows"):
        read(lacking)


GENRES_CSV = "genre_id,#tracks,parent,title,top_level\n"


def test_genres_are_a_tree_whatever_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "genres.csv").write_text(
        GENRES_CSV + "1,9,0,Rock,1\n2,8,1,Punk,1\n3,7,99,Lost,3\n4,6,5,Loop,4\n5,5,4,Pool,4\n6,4,6,Self,6\n"
        "2,1,0,Again,2\nx,1,0,None,0\n8,1,0,,8\n9,many,0,Jazz,9\n10,1\n"
    )
    genres = read_genres(metadata_at(tmp_path))
    assert [(row["genre_id"], row["parent_id"], row["top_id"], row["track_count"]) for row in genres.rows()] == [
        ("rock", None, "rock", 9), ("punk", "rock", "rock", 8), ("lost", None, "lost", 7), ("loop", None, "loop", 6),
        ("pool", "loop", "loop", 5), ("self", None, "self", 4), ("jazz", None, "jazz", None),
    ]  # fmt: skip
    assert [(r.line, r.code, r.reason) for r in genres.rejected] == [
        (8, "duplicate", "genre 2 was there before"),
        (9, "id", "its genre_id is no whole number from 1"),
        (10, "id", "it has no title"),
        (12, "columns", "it has 2 instead of 5 columns"),
    ]
    # Three parents, and the cells x and many
    assert genres.spoiled == 5
    assert all(list(row) == list(GENRES.columns) for row in genres.rows())


def test_two_titles_of_one_id_are_one_genre() -> None:
    genres = Genres({1: Genre(1, "Hip-Hop", None, None, None), 2: Genre(2, "Hip Hop", 1, None, None)})
    assert [row["source_id"] for row in genres.rows()] == ["fma:1"]
    assert genres.ids([2]) == ["hip-hop"]


def test_raw_genres_stand_in_for_genres(tmp_path: Path) -> None:
    (tmp_path / "raw_genres.csv").write_text(
        "genre_id,genre_color,genre_handle,genre_parent_id,genre_title\n1,#CC3300,R,,Rock\n2,red,P,1,Punk\n"
    )
    rows = list(read_genres(metadata_at(tmp_path)).rows())
    assert [(row["genre_id"], row["parent_id"], row["colour"]) for row in rows] == [
        ("rock", None, "#cc3300"), ("punk", "rock", None)
    ]  # fmt: skip


def test_pages_come_from_the_raw_files(tmp_path: Path) -> None:
    (tmp_path / "raw_tracks.csv").write_text("track_id,track_url\n2,http://fma/2\n2,http://fma/other\n3,\nx,y\n4\n")
    (tmp_path / "raw_albums.csv").write_text("album_id,album_url,tags\n1.0,http://fma/album,[]\n")
    read_bytes: list[int] = []
    pages = read_pages(metadata_at(tmp_path), advance=read_bytes.append)
    assert (pages.tracks, pages.albums, pages.artists) == ({2: "http://fma/2"}, {1: "http://fma/album"}, {})
    assert [(r.file, r.line, r.code) for r in pages.rejected] == [
        ("raw_tracks.csv", 5, "id"), ("raw_tracks.csv", 6, "columns")
    ]  # fmt: skip
    assert sum(read_bytes) == sum(path.stat().st_size for path in tmp_path.iterdir())
    (tmp_path / "raw_artists.csv").write_text("artist_id,artist_name\n")
    with pytest.raises(InputError, match=r"^raw_artists.csv: lacks the column artist_url"):
        read_pages(metadata_at(tmp_path))


def test_the_real_tracks(shared_data: Path) -> None:
    genres = read_genres(metadata_at(shared_data / "fma"))
    found = read(shared_data / "fma" / "tracks_head2105.truncated.csv", genres=genres)
    tracks = [record for record in found if isinstance(record, TrackRecord)]
    (cut,) = [record for record in found if isinstance(record, Rejected)]
    assert (cut.line, cut.code, cut.reason) == (2107, "cut", "the file ends inside a quoted field")
    assert cut.record.startswith("933,0,2008-11-26 02:27:03,2009-01-08 00:00:00,")
    assert (len(tracks), sum(r.artist is not None for r in tracks), sum(r.album is not None for r in tracks)) == (
        682, 84, 148
    )  # fmt: skip
    assert sum(record.spoiled for record in tracks) == 0
    assert Counter(record.track["subset"] for record in tracks) == {"large": 488, "medium": 136, "small": 58}
    assert {"<", "&amp;", "&nbsp;"} & set(" ".join((r.artist or {}).get("biography") or "" for r in tracks)) == set()
    path = shared_data / "fma" / "tracks_head2105.truncated.csv"
    top = top_genres(path)
    assert len(top) == 631
    assert top.items() <= {record.number: record.track["genre"] for record in tracks}.items()


def test_the_real_genres(shared_data: Path) -> None:
    genres = read_genres(metadata_at(shared_data / "fma"))
    rows = {row["genre_id"]: row for row in genres.rows()}
    assert (len(rows), genres.rejected, genres.spoiled) == (163, (), 0)
    assert sum(row["parent_id"] is None for row in rows.values()) == 16
    assert rows["avant-garde"] == {
        "genre_id": "avant-garde", "title": "Avant-Garde", "source_id": "fma:1", "parent_id": "experimental",
        "top_id": "experimental", "colour": "#006666", "track_count": 8693,
    }  # fmt: skip
    assert genres.ids([89]) == ["post-punk", "punk", "rock"]
    with (shared_data / "fma" / "genres.csv").open(encoding="utf-8") as file:
        tops = {int(row["genre_id"]): int(row["top_level"]) for row in csv.DictReader(file)}
    assert {n: genres.top_title(n) for n in tops} == {n: genres.by_number[top].title for n, top in tops.items()}
