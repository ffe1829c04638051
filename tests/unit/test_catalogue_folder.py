"""Which files of a folder are audio."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from audio_fixtures import sine, write_wav

from spotistream.catalogue.folder import audio_files
from spotistream.errors import InputError


def names(folder: Path) -> list[str]:
    return [os.path.relpath(file.path, folder.resolve()) for file in audio_files(folder)]


def test_audio_by_ending_or_by_content_in_order_and_nothing_else(tmp_path: Path) -> None:
    music = write_wav(tmp_path / "no-ending", sine(440, seconds=0.1)).read_bytes()
    for name in ("b.MP3", "a.flac", "cd 1/01. song", "x.part", "readme.txt", "notes.md", "index.json", "t.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(music if name[-1] in "tg" else b"words")
    (tmp_path / "readme.txt").write_text("ID3 is a format of tags")
    (tmp_path / ".hidden.mp3").write_bytes(music)
    (tmp_path / "x.mp3").mkdir()
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    assert names(tmp_path) == ["a.flac", "b.MP3", "cd 1/01. song", "no-ending"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "music"
    outside.mkdir()
    folder.mkdir()
    write_wav(outside / "secret.wav", sine(440, seconds=0.1))
    (folder / "link.wav").symlink_to(outside / "secret.wav")
    (folder / "dir").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    write_wav(folder / "mine.wav", sine(440, seconds=0.1))
    assert names(folder) == ["mine.wav"]


def test_a_file_has_its_state_its_folder_and_the_cover_beside_it(tmp_path: Path) -> None:
    album = tmp_path / "An Album"
    album.mkdir()
    path = write_wav(album / "a.wav", sine(440, seconds=0.1))
    os.utime(path, ns=(0, 1_700_000_000_123_456_789))
    for name in ("folder.png", "Cover.JPG", "back.jpg"):
        (album / name).write_bytes(b"picture")
    (file,) = audio_files(tmp_path)
    assert (file.path, file.size_bytes) == (str(path.resolve()), path.stat().st_size)
    assert file.modified_us == 1_700_000_000_123_456
    assert (file.folder, file.cover, file.problem) == ("An Album", str((album / "Cover.JPG").resolve()), None)


def test_what_is_no_file_or_has_no_readable_name_is_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / os.fsdecode(b"caf\xe9.mp3")).write_bytes(b"")
    strange, pipe = audio_files(tmp_path)
    assert (Path(strange.path).name, strange.problem) == ("caf\\udce9.mp3", "its name is not valid UTF-8: rename it")
    assert pipe.problem == "it is not a file: a pipe, a socket or a device"


def test_a_missing_folder_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: cannot be read as a folder \(No such file or directory\); name an"):
        audio_files(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="Not a directory"):
        audio_files(tmp_path / "file")


def test_the_shared_audio_is_listed_without_its_texts(shared_data: Path) -> None:
    files = audio_files(shared_data / "audio")
    assert len(files) == 106
    assert sum("odd-files" in file.path for file in files) == 67
