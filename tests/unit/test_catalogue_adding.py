"""Files that are added to a folder of music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from spotistream.catalogue.adding import copy_files, planned_copies
from spotistream.errors import InputError

SR = 22_050


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def tone(path: Path, hertz: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sf.write(path, 0.5 * np.sin(2 * np.pi * hertz * np.arange(SR) / SR), SR)
    return path


def added(paths: list[Path], music: Path) -> list[str]:
    """Where the files are, below the folder of music, after they were copied."""
    return [str(copy.target.relative_to(music)) for copy in copy_files(planned_copies(paths, music))]


def test_single_files_go_to_a_folder_of_their_own_whole(tmp_path: Path, music: Path) -> None:
    song = tone(tmp_path / "song.wav", 440)
    assert added([song], music) == ["Added/song.wav"]
    assert (music / "Added" / "song.wav").read_bytes() == song.read_bytes()
    assert [path.name for path in (music / "Added").iterdir()] == ["song.wav"]


def test_a_folder_keeps_its_shape_and_its_covers(tmp_path: Path, music: Path) -> None:
    tone(tmp_path / "Album" / "disc 1" / "a.wav", 440)
    tone(tmp_path / "Album" / "b.wav", 660)
    (tmp_path / "Album" / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "Album" / "notes.txt").write_text("words")
    assert added([tmp_path / "Album"], music) == ["Album/b.wav", "Album/disc 1/a.wav", "Album/cover.png"]


def test_the_same_file_is_copied_once_and_another_of_its_name_beside_it(tmp_path: Path, music: Path) -> None:
    first, second = tone(tmp_path / "1" / "song.wav", 440), tone(tmp_path / "2" / "song.wav", 660)
    third = tone(tmp_path / "3" / "song.wav", 880)
    assert added([first, second, third], music) == ["Added/song.wav", "Added/song (2).wav", "Added/song (3).wav"]
    assert [copy.there for copy in planned_copies([first, second, third], music)] == [True, True, True]
    assert added([second], music) == ["Added/song (2).wav"]


def test_a_file_of_the_folder_of_music_stays_where_it_is(music: Path) -> None:
    song = tone(music / "Album" / "song.wav", 440)
    (copy,) = planned_copies([song], music)
    assert (copy.target, copy.there) == (song, True)
    assert added([song], music) == ["Album/song.wav"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("notes.txt", b"words", "is no audio file; name files such as .mp3"),
        ("song.mp3.part", b"ID3\x03" + bytes(60), "is no audio file"),
        ("missing.mp3", None, "cannot be read (No such file or directory)"),
    ],
)
def test_what_is_no_audio_is_refused_before_anything_is_copied(
    tmp_path: Path, music: Path, name: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        planned_copies([tone(tmp_path / "good.wav", 440), tmp_path / name], music)
    assert problem in str(refused.value)
    assert list(music.iterdir()) == []


def test_a_folder_without_audio_is_refused(tmp_path: Path, music: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="there is no audio file in it"):
        planned_copies([tmp_path / "empty"], music)
