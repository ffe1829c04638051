"""``spotistream plot-track`` of a file, and what is wrong with others, as the command says it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from spotistream.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and a home elsewhere that nothing needs."""
    monkeypatch.setenv("SPOTISTREAM_HOME", str(tmp_path / "home"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def song(tmp_path: Path) -> Path:
    times = np.arange(22_050) / 22_050
    path = tmp_path / "A sound; a tone.wav"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * times), 22_050)
    return path


def ended(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    with pytest.raises(SystemExit) as stopped:
        main(["plot-track", *map(str, arguments)])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


def test_a_file_is_drawn_into_the_current_folder_under_its_title(
    song: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(capsys, song) == (0, "A sound; a tone.png\n", "")
    with Image.open(folder / "A sound; a tone.png") as picture:
        assert picture.format == "PNG"
    assert not (tmp_path / "home").exists(), "a file needs no home"


def test_a_picture_nobody_named_replaces_none(song: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "A sound; a tone.png").write_text("mine")
    assert ended(capsys, song)[:2] == (0, "A sound; a tone (2).png\n")
    assert (folder / "A sound; a tone.png").read_text() == "mine"


def test_the_ending_says_what_is_drawn_and_a_named_picture_is_replaced(
    song: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "x.SVG").write_text("old")
    assert ended(capsys, song, "--out", "x.SVG") == (0, "x.SVG\n", "")
    assert "<svg" in (folder / "x.SVG").read_text()
    assert [path.name for path in folder.iterdir()] == ["x.SVG"], "no draft is left"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["gone.mp3"],
            "gone.mp3: there is no such file; name an audio file, or the id of a track such as fma:2",
        ),
        (
            ["music/x:y.mp3"],
            "music/x:y.mp3: there is no such file; name an audio file, or the id of a track such as fma:2",
        ),
        (["words.txt"], "{here}/words.txt: it is not audio: the content looks like plain text"),
        (
            ["words.txt", "--out", "x.gif"],
            "x.gif: is no picture that can be drawn; name a file that ends in .png or .svg",
        ),
        (["words.txt", "--out", "no/x.png"], "no: is not a folder; make it, or choose another with --out"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: list[str], line: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "words.txt").write_text("only words, and nothing that sounds\n" * 9)
    assert ended(capsys, *arguments) == (5, "", f"spotistream: {line.format(here=folder)}\n")
    assert [path.name for path in folder.iterdir()] == ["words.txt"]


def test_a_picture_that_cannot_be_written_is_said(song: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.png").mkdir()
    code, out, err = ended(capsys, song, "--out", "x.png")
    assert (code, out) == (5, "")
    assert err == "spotistream: x.png: cannot be written (Is a directory); choose another place with --out\n"
