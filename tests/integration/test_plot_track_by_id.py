"""``spotistream plot-track`` of a track of the catalogue, which a real document store knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pymongo import MongoClient

from spotistream.cli import main
from spotistream.tables import TRACKS_COLLECTION

DATABASE = "plot_track"


@pytest.fixture(autouse=True)
def catalogue(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    song = tmp_path / "song.wav"
    soundfile.write(song, np.random.default_rng(1).uniform(-0.3, 0.3, 22_050), 22_050)
    monkeypatch.setenv("SPOTISTREAM__MONGO__URI", store)
    monkeypatch.setenv("SPOTISTREAM__MONGO__DATABASE", DATABASE)
    monkeypatch.setenv("SPOTISTREAM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    tracks = [
        {"_id": "fma:2", "title": "Either/Or: a Tone", "artist": "Band", "playable": True, "path": str(song)},
        {"_id": "fma:6", "title": "By URI", "playable": True, "path": song.as_uri()},
        {"_id": "fma:3", "title": "Silent", "playable": False},
        {"_id": "fma:4", "title": "Far", "playable": True, "path": "s3a://music/4.mp3"},
        {"_id": "fma:5", "title": "Gone", "playable": True, "path": str(tmp_path / "gone.mp3")},
    ]
    with MongoClient(store) as client:
        client[DATABASE][TRACKS_COLLECTION.name].delete_many({})
        client[DATABASE][TRACKS_COLLECTION.name].insert_many(tracks)


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["plot-track", *arguments])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


def test_a_track_is_drawn_under_its_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(capsys, "fma:2") == (0, "Either Or a Tone.png\n", "")
    assert (tmp_path / "Either Or a Tone.png").read_bytes().startswith(b"\x89PNG")
    assert ended(capsys, "fma:6") == (0, "By URI.png\n", "")


@pytest.mark.parametrize(
    ("track_id", "line"),
    [
        (
            "fma:1",
            "track fma:1: is not in the catalogue of this home; the address of its page in the player ends in its id",
        ),
        ("fma:3", "track fma:3: has no audio; choose a track that can be played"),
        ("fma:4", "track fma:4: its audio is at s3a://music/4.mp3; fetch the file and name it instead"),
        ("fma:5", "{here}/gone.mp3: it cannot be opened: No such file or directory"),
    ],
)
def test_a_track_that_cannot_be_drawn_is_one_line(
    track_id: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(capsys, track_id) == (5, "", f"spotistream: {line.format(here=tmp_path)}\n")
