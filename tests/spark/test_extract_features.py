"""extract_features with Spark and Delta: what a folder goes through, and what the tables say after each run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from mutagen.id3 import APIC
from mutagen.wave import WAVE
from plugins.sockets import descendants
from pyspark.sql import SparkSession

from spotistream.audio.spec import FAST
from spotistream.catalogue.folder import AudioFile, audio_files
from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.io import delta
from spotistream.layouts import Table
from spotistream.pipelines import extract_features
from spotistream.tables import TRACK_FEATURES, TRACK_FILES, TRACKS_REJECTED

SR = 22_050


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def cfg(cfg: Config, music: Path) -> Config:
    return replace(cfg, audio=replace(cfg.audio, folder=str(music), chunk=2))


def write_sine(path: Path, hertz: float) -> Path:
    sf.write(path, 0.5 * np.sin(2 * np.pi * hertz * np.arange(SR) / SR), SR)
    return path


def by_name(spark: SparkSession, cfg: Config, table: Table) -> dict[str, dict]:
    """Rows of a table by the name of the file."""
    return {Path(row["path"]).name: row.asDict() for row in delta.read_table(spark, cfg, table).collect()}


def versions(cfg: Config) -> list[int | None]:
    return [delta.table_version(cfg, table) for table in (TRACK_FILES, TRACK_FEATURES, TRACKS_REJECTED)]


def counts(summary: extract_features.Summary) -> tuple[int, int, int, dict[str, int]]:
    return summary.tracks, summary.written, summary.gone, dict(summary.rejected)


def test_the_life_of_a_folder(spark: SparkSession, cfg: Config, music: Path) -> None:
    first, second = write_sine(music / "a.wav", 440), write_sine(music / "b.wav", 660)
    (music / "copy of a.wav").write_bytes(first.read_bytes())
    (music / "empty.mp3").write_bytes(b"")
    (music / "notes.txt").write_text("not audio, and not rejected either")

    summary = extract_features.run(spark, cfg)
    assert counts(summary) == (2, 2, 0, {"duplicate": 1, "empty": 1})
    assert str(summary).startswith("2 tracks, 2 new or changed, 2 rejected (1 duplicate, 1 empty) in ")
    files, rejected = by_name(spark, cfg, TRACK_FILES), by_name(spark, cfg, TRACKS_REJECTED)
    assert list(files["a.wav"]) == list(TRACK_FILES.columns)
    assert files["a.wav"]["track_id"] == f"file:{files['a.wav']['content_hash'][:16]}"
    assert rejected["copy of a.wav"]["reason"] == f"it has the same bytes as {first.resolve()}"
    vectors = {row.track_id: row for row in delta.read_table(spark, cfg, TRACK_FEATURES).collect()}
    assert {len(row.vector) for row in vectors.values()} == {len(FAST)}
    assert vectors[files["a.wav"]["track_id"]].brightness == pytest.approx(440, rel=0.05)

    after_first = versions(cfg)
    assert counts(extract_features.run(spark, cfg)) == (2, 0, 0, {"duplicate": 1, "empty": 1})
    assert versions(cfg) == after_first, "a run that finds nothing new writes nothing"

    write_sine(first, 880)  # changed: keeps its id, and its copy is now a track of its own
    os.utime(second, ns=(0, 10**18))  # touched: same bytes
    write_sine(music / "empty.mp3.wav", 990).rename(music / "empty.mp3")  # healed
    summary = extract_features.run(spark, cfg)
    assert counts(summary) == (4, 3, 0, {})
    changed = by_name(spark, cfg, TRACK_FILES)
    assert changed["a.wav"]["track_id"] == files["a.wav"]["track_id"]
    assert changed["a.wav"]["content_hash"] != files["a.wav"]["content_hash"]
    assert changed["copy of a.wav"]["content_hash"] == files["a.wav"]["content_hash"]
    assert len({row["track_id"] for row in changed.values()}) == 4
    assert changed["b.wav"]["modified_at"].year == 2001
    assert changed["b.wav"]["title"] == "b"

    first.unlink()
    second.rename(music / "moved.wav")
    (music / "empty.mp3").write_bytes(b"words now")
    assert counts(extract_features.run(spark, cfg)) == (2, 1, 2, {"not_audio": 1})
    last = by_name(spark, cfg, TRACK_FILES)
    assert {name: row["gone"] for name, row in last.items()} == {
        "a.wav": True, "copy of a.wav": False, "empty.mp3": True, "moved.wav": False,
    }  # fmt: skip
    assert last["moved.wav"]["track_id"] == files["b.wav"]["track_id"]
    assert last["a.wav"]["size_bytes"] is not None


def test_a_killed_run_goes_on_with_nothing_twice(
    spark: SparkSession, cfg: Config, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hertz in (300, 400, 500, 600):
        write_sine(music / f"{hertz}.wav", hertz)
    analysed: list[str] = []
    analyse = extract_features._analyse

    def killed_at_the_second_chunk(spark: SparkSession, cfg: Config, files: list[AudioFile], register: object) -> list:
        if "500" in files[0].path:
            raise KeyboardInterrupt
        return analyse(spark, cfg, files, register)

    def noted(spark: SparkSession, cfg: Config, files: list[AudioFile], register: object) -> list:
        analysed.extend(Path(file.path).name for file in files)
        return analyse(spark, cfg, files, register)

    cfg = replace(cfg, audio=replace(cfg.audio, commit_seconds=0.0))
    monkeypatch.setattr(extract_features, "_analyse", killed_at_the_second_chunk)
    with pytest.raises(KeyboardInterrupt):
        extract_features.run(spark, cfg)
    assert sorted(by_name(spark, cfg, TRACK_FILES)) == ["300.wav", "400.wav"]
    monkeypatch.setattr(extract_features, "_analyse", noted)
    assert counts(extract_features.run(spark, cfg)) == (4, 2, 0, {})
    assert analysed == ["500.wav", "600.wav"]
    assert (
        delta.read_table(spark, cfg, TRACK_FILES).count() == delta.read_table(spark, cfg, TRACK_FEATURES).count() == 4
    )


def test_a_job_killed_outright_goes_on_where_it_was(spark: SparkSession, cfg: Config, music: Path) -> None:
    rng = np.random.default_rng(1)
    for number in range(24):
        sf.write(music / f"{number:02}.wav", rng.uniform(-0.5, 0.5, 30 * SR), SR)
    arguments = ["run", "extract_features", "--home", str(cfg.home), "--audio", str(music)]
    job = subprocess.Popen(
        [sys.executable, "-m", "spotistream.cli", *arguments],
        env={**os.environ, "SPOTISTREAM__AUDIO__COMMIT_SECONDS": "0", "SPOTISTREAM__AUDIO__CHUNK": "2"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while (delta.table_version(cfg, TRACK_FILES) or 0) < 2 and job.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in [job.pid, *descendants(job.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    job.wait()
    before = by_name(spark, cfg, TRACK_FILES)
    assert 0 < len(before) < 24
    assert extract_features.run(spark, cfg).written == 24 - len(before)
    after = by_name(spark, cfg, TRACK_FILES)
    assert len(after) == delta.read_table(spark, cfg, TRACK_FILES).count() == 24
    assert delta.read_table(spark, cfg, TRACK_FEATURES).count() == 24
    assert {name: after[name]["track_id"] for name in before} == {n: row["track_id"] for n, row in before.items()}


def test_a_folder_by_uri_gives_the_same(spark: SparkSession, cfg: Config, music: Path) -> None:
    album = music / "An [odd] album, 100 %"
    album.mkdir()
    write_sine(album / "01 - Band - Song {1}*.wav", 440)
    write_sine(music / "b.wav", 660)
    (music / "broken.mp3").write_bytes(b"words")
    remote = replace(cfg, audio=replace(cfg.audio, folder=music.as_uri()))
    assert counts(extract_features.run(spark, remote)) == (2, 2, 0, {"not_audio": 1})
    found = by_name(spark, cfg, TRACK_FILES)
    song = found["01 - Band - Song {1}*.wav"]
    assert (song["title"], song["artist"], song["album"]) == ("Song {1}*", "Band", album.name)
    assert song["path"].startswith("file:/")
    vectors = {row.track_id: row.vector for row in delta.read_table(spark, cfg, TRACK_FEATURES).collect()}
    assert counts(extract_features.run(spark, remote)) == (2, 0, 0, {"not_audio": 1})
    local = replace(cfg, paths=replace(cfg.paths, lake=str(music.parent / "other lake")))
    extract_features.run(spark, local)
    assert {r.track_id: r.vector for r in delta.read_table(spark, local, TRACK_FEATURES).collect()} == vectors


def test_a_uri_that_leads_nowhere_is_one_line(spark: SparkSession, cfg: Config, tmp_path: Path) -> None:
    missing = (tmp_path / "nowhere").as_uri()
    with pytest.raises(InputError, match=r"nowhere: cannot be listed .*; name a folder of music with --audio"):
        extract_features.run(spark, replace(cfg, audio=replace(cfg.audio, folder=missing)))


def test_a_clip_of_the_free_music_archive_keeps_its_number(
    spark: SparkSession, cfg: Config, music: Path, shared_data: Path
) -> None:
    (music / "000").mkdir()
    shutil.copy(shared_data / "audio" / "fma" / "000002.mp3", music / "000" / "000002.mp3")
    extract_features.run(spark, cfg)
    row = by_name(spark, cfg, TRACK_FILES)["000002.mp3"]
    assert (row["track_id"], row["album"], row["format"]) == ("fma:2", "AWOL - A Way Of Life", "mp3")


def test_a_file_that_hangs_costs_its_time_limit_and_the_job_goes_on(
    spark: SparkSession, cfg: Config, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sine(music / "good.wav", 440)
    os.mkfifo(music / "hangs.mp3")  # opening it waits for ever

    def with_the_pipe_as_a_file(folder: Path) -> list[AudioFile]:
        return [replace(file, problem=None) for file in audio_files(folder)]

    monkeypatch.setattr(extract_features, "audio_files", with_the_pipe_as_a_file)
    cfg = replace(cfg, audio=replace(cfg.audio, file_timeout_s=3.0))
    begun = time.monotonic()
    assert counts(extract_features.run(spark, cfg)) == (1, 1, 0, {"timeout": 1})
    assert time.monotonic() - begun < 60
    reason = by_name(spark, cfg, TRACKS_REJECTED)["hangs.mp3"]["reason"]
    assert reason == "reading it took longer than 3 s; audio.file_timeout_s allows no more"


def test_a_pipe_in_the_folder_is_rejected_without_being_opened(spark: SparkSession, cfg: Config, music: Path) -> None:
    os.mkfifo(music / "pipe.mp3")
    assert counts(extract_features.run(spark, cfg)) == (0, 0, 0, {"unsupported": 1})


def test_a_cover_folder_that_cannot_be_written_stops_the_job(spark: SparkSession, cfg: Config, music: Path) -> None:
    write_sine(music / "a.wav", 440)
    (music / "covers").write_text("a file where the folder of covers should be")
    audio = WAVE(music / "a.wav")
    audio.add_tags()
    audio.tags.add(APIC(type=3, mime="image/png", data=b"\x89PNG\r\n\x1a\n"))
    audio.save()
    cfg = replace(cfg, paths=replace(cfg.paths, covers=str(music / "covers")))
    with pytest.raises(Exception, match=r"FileExistsError|NotADirectoryError"):
        extract_features.run(spark, cfg)


def test_a_folder_without_audio_is_one_line(spark: SparkSession, cfg: Config, music: Path) -> None:
    (music / "notes.txt").write_text("words")
    with pytest.raises(InputError, match="there is no audio file in it; name a folder of music with --audio"):
        extract_features.run(spark, cfg)
    with pytest.raises(InputError, match="no folder is named"):
        extract_features.run(spark, replace(cfg, audio=replace(cfg.audio, folder="")))


def test_every_odd_file_is_a_track_or_a_rejected_row(spark: SparkSession, cfg: Config, shared_data: Path) -> None:
    cfg = replace(cfg, audio=replace(cfg.audio, folder=str(shared_data / "audio" / "odd-files"), chunk=8))
    summary = extract_features.run(spark, cfg)
    assert counts(summary) == (4, 4, 0, {"damaged": 6, "silent": 53, "too_short": 1, "truncated": 3})
    assert len(by_name(spark, cfg, TRACK_FILES)) + len(by_name(spark, cfg, TRACKS_REJECTED)) == 67
