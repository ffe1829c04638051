"""Where FMA's files are found."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from spotistream.catalogue.fma.source import NAMES, REMEDY, metadata_at
from spotistream.errors import InputError


def first_line(path: Path, name: str) -> bytes:
    with metadata_at(path).open(name) as stream:
        return stream.readline(100)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fma_metadata"
    folder.mkdir()
    (folder / "tracks.csv").write_text("tracks\n")
    (folder / "genres.csv").write_text("genres\n")
    (folder / "notes.txt").write_text("notes\n")
    return folder


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name in names:
            archive.writestr(name, f"{name}\n")
    return path


def test_a_folder_the_one_above_it_and_a_single_file(folder: Path) -> None:
    for path in (folder, folder.parent):
        assert list(metadata_at(path).files) == ["tracks.csv", "genres.csv"]
        assert first_line(path, "genres.csv") == b"genres\n"
        assert metadata_at(path).size("genres.csv") == 7
    alone = metadata_at(folder / "tracks.csv")
    assert list(alone.files) == ["tracks.csv"]
    renamed = folder / "part of it.csv"
    renamed.write_text("part\n")
    assert first_line(renamed, "tracks.csv") == b"part\n"
    assert metadata_at(renamed).label("tracks.csv") == "part of it.csv"


@pytest.mark.parametrize("inside", ["", "fma_metadata/", "elsewhere/"])
def test_a_zip_with_a_leading_folder_or_without(tmp_path: Path, inside: str) -> None:
    path = zipped(tmp_path / "fma_metadata.zip", f"{inside}README.txt", f"{inside}tracks.csv", f"{inside}features.csv")
    for named in (path, tmp_path):
        metadata = metadata_at(named)
        assert list(metadata.files) == ["tracks.csv", "features.csv"]
        assert first_line(named, "tracks.csv") == f"{inside}tracks.csv\n".encode()
        assert metadata.label("tracks.csv") == "tracks.csv"
        assert metadata.size("features.csv") == len(f"{inside}features.csv\n")


def test_of_two_in_a_zip_the_one_nearer_to_the_top_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "m.zip", "a/tracks.csv", "tracks.csv", "a/b/genres.csv", "__MACOSX/genres.csv")
    assert metadata_at(path).files == {"tracks.csv": "tracks.csv"}


def test_what_is_no_metadata_is_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(zipped(tmp_path / "whole.zip", "tracks.csv").read_bytes()[:60])
    for path, problem in (
        (tmp_path / "none", "cannot be read (No such file or directory)"),
        (empty, f"holds none of {', '.join(NAMES)}"),
        (zipped(tmp_path / "other.zip", "a.txt"), f"holds none of {', '.join(NAMES)}"),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(f'{path}: {problem}; {REMEDY}')}$"):
            metadata_at(path)
    with pytest.raises(InputError, match=f"^{re.escape(str(cut))}: is cut short or is no ZIP .*; download it again$"):
        metadata_at(cut)
    with pytest.raises(InputError, match=r"^the metadata: is not known to this home; name FMA's fma_metadata.zip"):
        metadata_at("")


def test_a_file_that_is_missing_is_named_with_those_that_are_there(folder: Path) -> None:
    with pytest.raises(InputError, match=r"holds no features.csv \(found: tracks.csv, genres.csv\); name FMA's"):
        metadata_at(folder).size("features.csv")


def test_a_damaged_zip_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("tracks.csv", "tracks" * 10)
    path.write_bytes(path.read_bytes().replace(b"tracksTRACKS".lower(), b"tracksTRACKS"))
    with (
        metadata_at(path).open("tracks.csv") as stream,
        pytest.raises(InputError, match=r"m.zip: tracks.csv: is damaged \(Bad CRC-32 .*\); download it again$"),
    ):
        while stream.readline(100):
            pass
