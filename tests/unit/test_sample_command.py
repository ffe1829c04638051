"""``spotistream sample`` as its user meets it, on real clips and real metadata where they are."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from archive_fixtures import declare, files_in, fma_zip, zip_of

from spotistream.catalogue.fma.source import metadata_beside
from spotistream.catalogue.fma.top_genres import top_genres
from spotistream.cli import main
from spotistream.errors import InputError

COMMAND = Path(sys.executable).with_name("spotistream")
MB = 10**6


@pytest.fixture
def fma(tmp_path: Path) -> Path:
    return fma_zip(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


# The command, on real clips and real metadata


@pytest.fixture
def real(shared_data: Path, tmp_path: Path) -> Path:
    """The tracks of the first 60 records of FMA's tracks.csv, in FMA's layout and packing; the clips repeat."""
    music = [shared_data / "audio" / "fma" / "000002.mp3", shared_data / "audio" / "librosa-data" / "test_audio.ogg"]
    with zipfile.ZipFile(tmp_path / "fma_small.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("fma_small/checksums", "")
        for n, track in enumerate(real_genres(shared_data)):
            archive.write(music[0 if track == 2 else 1], f"fma_small/000/{track:06}.mp3")
            if n == 59:
                break
    (tmp_path / "tracks.csv").symlink_to(shared_data / "fma" / "tracks_head2105.truncated.csv")
    return tmp_path / "fma_small.zip"


def real_genres(shared_data: Path) -> dict[int, str]:
    """Top genre by track, by hand: empty where there is none."""
    with (shared_data / "fma" / "tracks_head2105.truncated.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    return {int(record[0]): record[40] for record in records[3:-1]}


def command(*words: object) -> int | str | None:
    with pytest.raises(SystemExit) as ended:
        main(["sample", *map(str, words)])
    return ended.value.code


def test_the_top_genres_of_the_real_metadata(shared_data: Path) -> None:
    found = top_genres(shared_data / "fma" / "tracks_head2105.truncated.csv")
    assert found == {track: genre for track, genre in real_genres(shared_data).items() if genre}
    assert Counter(found.values()).most_common(3) == [("Rock", 269), ("Experimental", 83), ("Folk", 80)]
    assert (found[2], found[3]) == ("Hip-Hop", "Hip-Hop")


def test_a_sample_of_real_clips_balanced_by_real_genres(
    real: Path, out: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(real, out, "--max-files", 21, "--per-genre") == 0
    genre_of = real_genres(shared_data)
    names = Counter(genre_of[int(name[4:10])] for name in files_in(out))
    assert names == {"Experimental": 4, "Folk": 4, "Hip-Hop": 4, "Jazz": 4, "Rock": 4, "Pop": 1}
    assert "; by top genre: Experimental 4, Folk 4, Hip-Hop 4, Jazz 4, Rock 4, Pop 1; " in capsys.readouterr().out


def test_a_real_clip_comes_out_as_it_went_in(
    real: Path, out: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(real, out) == 0
    assert len(files_in(out)) == 60
    assert (out / "000" / "000002.mp3").read_bytes() == (shared_data / "audio/fma/000002.mp3").read_bytes()
    assert capsys.readouterr() == (
        f"sample: 60 files, 2.9 MB, in {out}; 1 left out as no audio. "
        f"Next: spotistream up --audio {out}, or spotistream run extract_features --audio {out}\n",
        "",
    )


def test_what_was_refused_is_listed_and_the_rest_is_a_success(
    fma: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declare(fma, "fma_small/000/000002.mp3", flags=1)
    assert command(fma, out, "--max-files", 5) == 0
    line, errors = capsys.readouterr()
    assert errors == "refused 'fma_small/000/000002.mp3': is encrypted\n"
    assert "; 1 refused; " in line


def test_a_sample_without_a_single_file_is_an_error(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = declare(zip_of(tmp_path / "a.zip", {"a.mp3": b"x", "../b.mp3": b"x"}), "a.mp3", crc=1)
    assert command(archive, out) == 5
    assert capsys.readouterr() == (
        "",
        f"spotistream: {archive}: all of its 2 audio files were refused, the first '../b.mp3': its path leads out of "
        "the folder; download it again, or name another\n",
    )
    assert command(zip_of(archive, {"readme.txt": b"x"}), out) == 5
    line = f"spotistream: {archive}: there is no audio file in it; name a ZIP archive of music\n"
    assert capsys.readouterr() == ("", line)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--max-files", 0), "--max-files 0: is not a number above zero; give one, or leave it out"),
        (("--max-gb", "nan"), "--max-gb nan: is not a number above zero; give one, or leave it out"),
        (("--max-gb", "1e-9"), "--max-gb 1e-09: does not hold the first file, of 0.8 kB; raise it"),
        (("--metadata", "x"), "--metadata: is for samples balanced by genre; add --per-genre, or leave it out"),
    ],
)
def test_options_that_cannot_be(
    fma: Path, out: Path, words: tuple[object, ...], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(fma, out, *words) == 5
    assert capsys.readouterr() == ("", f"spotistream: {line}\n")
    assert not out.exists()


def test_a_file_is_no_folder_to_extract_to(fma: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.touch()
    assert command(fma, out) == 5
    assert command(fma, out / "below") == 5
    line = "is not a folder; name another folder"
    assert capsys.readouterr() == ("", f"spotistream: {out}: {line}\nspotistream: {out / 'below'}: {line}\n")


def test_the_command_says_how_far_it_came_and_goes_on(tmp_path: Path, out: Path) -> None:
    """The archive takes a second to unpack: bzip2 of noise."""
    noise = np.random.default_rng(0)
    archive = {f"{n}.mp3": noise.bytes(MB) for n in range(8)}
    command = [COMMAND, "sample", zip_of(tmp_path / "a.zip", archive, method=zipfile.ZIP_BZIP2), out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list(out.glob("*.mp3")):
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        line, errors = process.communicate(timeout=60)
    there = len(list(out.iterdir()))
    assert (process.returncode, errors) == (130, "")
    assert line == f"stopped: {there} of 8 files are in {out}; the same command goes on from there\n"
    assert 0 < there < 8
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert files_in(out) == archive


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
