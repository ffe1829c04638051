"""The demo catalogue on disk: reproducible, tagged, resumable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.oggvorbis import OggVorbis
from PIL import Image

from spotistream.demo.catalogue import generate_catalogue
from spotistream.demo.planning import plan_tracks
from spotistream.demo.vorbis import write_vorbis
from spotistream.errors import InputError

CLIPS = 3


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    generate_catalogue(out, clips=CLIPS, seed=7, workers=1)
    return out


def _files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_files_lie_at_artist_album_number_title(catalogue: Path) -> None:
    tracks = plan_tracks(CLIPS, seed=7)
    assert sorted(str(path.relative_to(catalogue)) for path in catalogue.rglob("*.ogg")) == sorted(
        f"{track.album.artist}/{track.album.title}/{track.number:02d} - {track.title}.ogg" for track in tracks
    )


def test_file_is_stereo_vorbis_of_20_to_30_seconds_that_never_clips(catalogue: Path) -> None:
    for path in catalogue.rglob("*.ogg"):
        info = soundfile.info(path)
        samples, _ = soundfile.read(path, dtype="float32")
        assert (info.format, info.subtype, info.samplerate, info.channels) == ("OGG", "VORBIS", 44100, 2)
        assert 20 <= info.duration <= 30
        assert 0.1 < np.abs(samples).max() < 1.0
        assert 120_000 < path.stat().st_size < 480_000


def test_tags_say_what_it_is(catalogue: Path) -> None:
    track = plan_tracks(CLIPS, seed=7)[0]
    tags = OggVorbis(catalogue / track.path)
    assert tags["title"] == [track.title]
    assert tags["artist"] == [track.album.artist]
    assert tags["album"] == [track.album.title]
    assert tags["genre"] == ["House"]
    assert tags["tracknumber"] == ["1"]
    assert tags["date"] == [str(track.album.year)]
    assert tags["license"] == ["CC0-1.0"]
    assert "spotistream" in tags["comment"][0]


def test_each_album_has_its_own_cover(catalogue: Path) -> None:
    covers = list(catalogue.rglob("cover.png"))
    assert len(covers) == CLIPS
    assert len({path.read_bytes() for path in covers}) == CLIPS
    assert all(Image.open(path).size == (512, 512) for path in covers)


def test_two_workers_write_the_same_bytes_as_one(catalogue: Path, tmp_path: Path) -> None:
    generate_catalogue(tmp_path, clips=CLIPS, seed=7, workers=2)
    assert _files(tmp_path) == _files(catalogue)


def test_complete_catalogue_is_left_alone(catalogue: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in catalogue.rglob("*")}
    told: list[tuple[int, int]] = []
    paths = generate_catalogue(catalogue, clips=CLIPS, seed=7, workers=1, progress=lambda *at: told.append(at))
    assert len(paths) == CLIPS and all(path.exists() for path in paths)
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in catalogue.rglob("*")} == before


def test_resumed_run_makes_only_what_is_missing(catalogue: Path, tmp_path: Path) -> None:
    for name, content in _files(catalogue).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    lost = tmp_path / plan_tracks(CLIPS, seed=7)[1].path
    lost.unlink()
    manifest = tmp_path / "catalogue.json"
    assert json.loads(manifest.read_text())["complete"] == CLIPS
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*") if path.is_file() and path != manifest}
    told: list[tuple[int, int]] = []
    generate_catalogue(tmp_path, clips=CLIPS, seed=7, workers=1, progress=lambda *at: told.append(at))
    assert told == [(CLIPS, CLIPS)]
    assert _files(tmp_path) == _files(catalogue)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_folder_of_another_seed_is_refused(catalogue: Path) -> None:
    with pytest.raises(InputError, match="seed 7"):
        generate_catalogue(catalogue, clips=CLIPS, seed=8, workers=1)


def test_larger_catalogue_keeps_what_the_smaller_had(catalogue: Path, tmp_path: Path) -> None:
    generate_catalogue(tmp_path, clips=1, seed=7, workers=1)
    told: list[tuple[int, int]] = []
    generate_catalogue(tmp_path, clips=CLIPS, seed=7, workers=1, progress=lambda *at: told.append(at))
    assert told == [(2, 3), (3, 3)]
    assert _files(tmp_path) == _files(catalogue)
    assert len(generate_catalogue(tmp_path, clips=1, seed=7, workers=1)) == 1
    assert _files(tmp_path) == _files(catalogue)


def test_broken_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text("{")
    with pytest.raises(InputError, match="not a manifest"):
        generate_catalogue(tmp_path, clips=1, workers=1)


def test_no_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        generate_catalogue(tmp_path, clips=0)


def test_vorbis_bytes_depend_on_samples_tags_and_serial_alone(tmp_path: Path) -> None:
    tone = np.tile(np.sin(np.arange(44100, dtype=np.float32) / 20)[:, None] * 0.3, (1, 2)).astype(np.float32)
    for name in ("a.ogg", "b.ogg"):
        write_vorbis(tmp_path / name, tone, sr=44100, tags={"title": "x"}, serial=5)
    assert (tmp_path / "a.ogg").read_bytes() == (tmp_path / "b.ogg").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.ogg", "b.ogg"]


def test_importing_needs_no_spark() -> None:
    code = "import sys, spotistream.demo.catalogue; print({'pyspark', 'librosa'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
