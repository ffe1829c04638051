"""The top genre of each track, and where the metadata is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive_fixtures import fma_zip, zip_of

from spotistream.catalogue.top_genres import metadata_beside, top_genres
from spotistream.errors import InputError

HEADER = ",track,track\n,title,genre_top\ntrack_id,,\n"


def test_top_genres_stand_in_the_column_that_two_header_lines_name(tmp_path: Path) -> None:
    tracks = tmp_path / "tracks.csv"
    tracks.write_text(HEADER + '2,"a, b\nc",Hip-Hop\n3,x,\n5,y,Rock\n10,cut of')
    assert top_genres(tracks) == top_genres(tmp_path) == {2: "Hip-Hop", 5: "Rock"}
    zipped = zip_of(tmp_path / "m.zip", {"m/raw_tracks.csv": b"x", "m/tracks.csv": tracks.read_bytes()})
    assert top_genres(zipped) == {2: "Hip-Hop", 5: "Rock"}


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("none.csv", None, "cannot be read (No such file or directory); {remedy}"),
        ("a.csv", b"track_id,genre\n", "has no column track, genre_top in its first two lines; {remedy}"),
        ("noise", b"\0\xff" * 99, "has no column track, genre_top in its first two lines; {remedy}"),
    ],
)
def test_metadata_that_is_none(tmp_path: Path, name: str, content: bytes | None, line: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        top_genres(tmp_path / name)
    remedy = "name FMA's fma_metadata.zip or tracks.csv with --metadata"
    assert str(caught.value) == f"{tmp_path / name}: {line.format(remedy=remedy)}"


def test_metadata_is_looked_for_beside_the_archive(tmp_path: Path) -> None:
    fma = fma_zip(tmp_path)
    with pytest.raises(InputError) as caught:
        metadata_beside(fma)
    assert str(caught.value) == (
        f"{fma}: has no metadata beside it (fma_metadata.zip, fma_metadata, tracks.csv); "
        "name FMA's fma_metadata.zip or tracks.csv with --metadata, or leave out --per-genre"
    )
    for name in ("tracks.csv", "fma_metadata", "fma_metadata.zip"):
        (fma.parent / name).touch()
        assert metadata_beside(fma) == fma.parent / name
