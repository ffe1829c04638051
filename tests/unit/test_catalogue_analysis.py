"""One file to one row, alone and under guard."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from audio_fixtures import sine, write_wav

from spotistream.audio.spec import FAST
from spotistream.catalogue.analysis import analyse_file
from spotistream.catalogue.covers import picture_kind
from spotistream.catalogue.guard import GuardedAnalyser
from spotistream.catalogue.outcome import OUTCOME, Settings, Task

OWNER = (
    "import os, sys, time\nfrom multiprocessing.connection import Connection\nowner = Connection(int(sys.argv[1]))\n"
)
SERVE = OWNER + "owner.recv()\nowner.send('ready')\nowner.recv()\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        "fast", max_seconds=30, min_seconds=0.5, max_file_mb=10, covers=str(tmp_path / "covers"),
        pictures=str(tmp_path / "pictures"),
    )  # fmt: skip


@pytest.fixture
def track(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "01 - Some Band - A Song.wav", sine(440, seconds=1))


def task(path: Path, *, known_hash: str | None = None) -> Task:
    return Task(path=str(path), folder="An Album", cover=None, known_hash=known_hash)


def guarded(settings: Settings, script: str) -> GuardedAnalyser:
    return GuardedAnalyser(settings, timeout_s=1, command=(sys.executable, "-c", script))


def test_a_track_has_every_column(track: Path, settings: Settings) -> None:
    row = analyse_file(task(track), settings=settings)
    assert list(row) == [column.name for column in OUTCOME]
    assert {key: row[key] for key in ("title", "artist", "album", "track_number", "format", "code")} == {
        "title": "A Song", "artist": "Some Band", "album": "An Album", "track_number": 1, "format": "wav", "code": None,
    }  # fmt: skip
    assert row["content_hash"] == hashlib.sha256(track.read_bytes()).hexdigest()
    assert (row["feature_spec"], len(row["vector"]), row["duration_s"]) == (FAST.id, len(FAST), 1.0)
    assert (row["loudness_lufs"] < 0, len(row["waveform"]), row["waveform_end_s"]) == (True, 512, 1.0)
    picture = Path(row["spectrogram_path"])
    assert picture == Path(settings.pictures) / row["content_hash"][:2] / f"{row['content_hash'][:32]}.webp"
    assert picture_kind(picture.read_bytes()) == "webp"
    assert (len(row["artist_id"]), len(row["album_id"])) == (16, 16)


def test_known_bytes_are_not_analysed_again(track: Path, settings: Settings) -> None:
    content_hash = hashlib.sha256(track.read_bytes()).hexdigest()
    row = analyse_file(task(track, known_hash=content_hash), settings=settings)
    assert {key: value for key, value in row.items() if value is not None} == {
        "path": str(track),
        "content_hash": content_hash,
    }


def test_a_file_that_is_no_track_has_a_reason_and_its_hash(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.mp3").write_bytes(b"")
    row = analyse_file(task(tmp_path / "a.mp3"), settings=settings)
    assert (row["code"], row["reason"]) == ("empty", "it is empty: 0 bytes")
    assert row["content_hash"] == hashlib.sha256(b"").hexdigest()
    assert analyse_file(task(tmp_path / "none.mp3"), settings=settings)["code"] == "unreadable"


@pytest.fixture
def analyser(settings: Settings) -> Iterator[GuardedAnalyser]:
    analyser = GuardedAnalyser(settings, timeout_s=2)
    yield analyser
    analyser.close()


def test_the_guarded_child_is_kept_and_replaced_only_when_it_hangs(
    tmp_path: Path, track: Path, settings: Settings, analyser: GuardedAnalyser
) -> None:
    first = analyser.analyse(task(track))
    alone = analyse_file(task(track), settings=settings)
    assert {**first, "vector": None} == {**alone, "vector": None}
    np.testing.assert_allclose(first["vector"], alone["vector"], rtol=1e-5, atol=1e-5)  # BLAS threads differ
    child = analyser._child
    assert analyser.analyse(task(tmp_path / "none.mp3"))["code"] == "unreadable"
    assert analyser._child is child
    os.mkfifo(tmp_path / "pipe.mp3")  # opening it waits for ever
    begun = time.monotonic()
    row = analyser.analyse(task(tmp_path / "pipe.mp3"))
    assert (row["code"], 2 <= time.monotonic() - begun < 20) == ("timeout", True)
    assert row["reason"] == "reading it took longer than 2 s; audio.file_timeout_s allows no more"
    assert analyser.analyse(task(track)) == first


def test_a_child_that_dies_is_a_rejected_file(track: Path, settings: Settings) -> None:
    row = guarded(settings, SERVE + "os.kill(os.getpid(), 11)").analyse(task(track))
    assert (row["code"], row["reason"]) == ("crashed", "it crashed the decoder (SIGSEGV)")
    row = guarded(settings, SERVE + "sys.exit(3)").analyse(task(track))
    assert row["reason"] == "it crashed the decoder (exit code 3)"


def test_a_bug_in_the_analysis_is_raised(track: Path, settings: Settings) -> None:
    analyser = guarded(settings, SERVE + "owner.send((None, 'KeyError: 7'))\ntime.sleep(9)")
    with pytest.raises(RuntimeError, match="KeyError: 7"):
        analyser.analyse(task(track))
    analyser.close()


def test_a_child_that_cannot_start_is_raised_with_what_it_said(track: Path, settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="no such library"):
        guarded(settings, "raise SystemExit('no such library')").analyse(task(track))
