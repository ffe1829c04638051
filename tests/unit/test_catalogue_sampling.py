"""Which files a sample has, and that it is written whole, below its folder, once, and in little memory."""

from __future__ import annotations

import csv
import errno
import os
import signal
import stat
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from archive_fixtures import clips, declare, zip_of

from spotistream.catalogue.archive import Refusal
from spotistream.catalogue.sampling import Limits, Sample, extract, limits, plan_sample, refusal_lines
from spotistream.catalogue.top_genres import metadata_beside, top_genres
from spotistream.catalogue.unpacking import UNFINISHED, opened_folder, said
from spotistream.cli import main
from spotistream.errors import EnvironmentProblem, InputError
from spotistream.signals import stop_requested

COMMAND = Path(sys.executable).with_name("spotistream")
MB = 10**6
HEADER = ",track,track\n,title,genre_top\ntrack_id,,\n"


@pytest.fixture
def fma(tmp_path: Path) -> Path:
    """Thirty clips in FMA's layout, and what else FMA's archives hold."""
    others = {"fma_small/checksums": b"x", "fma_small/README.txt": b"x"}
    return zip_of(tmp_path / "fma_small.zip", others | clips(*range(2, 3002, 100)))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def sampled(
    archive: Path,
    out: Path,
    *,
    files: int | None = None,
    size: int | None = None,
    seed: int = 0,
    genre_of: dict[int, str] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Sample:
    plan = plan_sample(archive, out, limits=Limits(files, size), seed=seed, genre_of=genre_of)
    return extract(plan, advance=lambda _: None, stopped=stopped)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def counts(sample: Sample) -> tuple[int, int, int]:
    return sample.extracted, sample.there, len(sample.refusals)


# Which files


def test_without_limits_it_is_all_of_it_in_fma_layout(fma: Path, out: Path) -> None:
    sample = sampled(fma, out)
    assert files_in(out) == {
        name.removeprefix("fma_small/"): data for name, data in clips(*range(2, 3002, 100)).items()
    }
    assert counts(sample) == (30, 0, 0)
    assert sample.plan.contents.others == 2


def test_the_same_seed_draws_the_same_files_whatever_their_order_and_folder(tmp_path: Path, fma: Path) -> None:
    backwards = {name.replace("small", "full"): data for name, data in reversed(clips(*range(2, 3002, 100)).items())}
    other = zip_of(tmp_path / "other.zip", backwards)
    sampled(fma, tmp_path / "a", files=7)
    sampled(other, tmp_path / "b", files=7)
    assert files_in(tmp_path / "a") == files_in(tmp_path / "b")
    assert len(files_in(tmp_path / "a")) == 7


def test_what_seed_nought_draws_never_changes(fma: Path, out: Path) -> None:
    """A sample that was begun with one version goes on with the next."""
    sampled(fma, out, files=3)
    assert sorted(files_in(out)) == ["000/000502.mp3", "002/002402.mp3", "002/002502.mp3"]


def test_another_seed_draws_others(tmp_path: Path, fma: Path) -> None:
    sampled(fma, tmp_path / "a", files=7, seed=0)
    sampled(fma, tmp_path / "b", files=7, seed=1)
    assert files_in(tmp_path / "a") != files_in(tmp_path / "b")


def test_a_larger_sample_contains_each_smaller_one(fma: Path, tmp_path: Path) -> None:
    found = []
    for number in range(1, 31):
        sampled(fma, tmp_path / str(number), files=number)
        found.append(set(files_in(tmp_path / str(number))))
    assert [len(names) for names in found] == list(range(1, 31))
    assert all(smaller < larger for smaller, larger in pairwise(found))


@pytest.mark.parametrize(
    ("files", "size", "expected"), [(4, 10**9, 4), (99, 5_000, 4), (None, 5_000, 4), (3, 5_000, 3)]
)
def test_it_stops_at_whichever_limit_comes_first(
    tmp_path: Path, out: Path, files: int | None, size: int, expected: int
) -> None:
    archive = zip_of(tmp_path / "a.zip", {f"{n}.mp3": bytes(1_200) for n in range(10)})
    sample = sampled(archive, out, files=files, size=size)
    assert (len(files_in(out)), sample.size) == (expected, 1_200 * expected)


def test_a_limit_that_is_met_exactly_is_kept(tmp_path: Path, out: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {f"{n}.mp3": bytes(1_000) for n in range(10)})
    assert sampled(archive, out, size=5_000).extracted == 5


def test_a_gigabyte_is_ten_to_the_nine_bytes() -> None:
    assert limits(max_files=None, max_gb=0.5) == Limits(None, 500_000_000)


# Balanced by genre

GENRE_OF = {**dict.fromkeys(range(2, 1002, 100), "Rock"), **dict.fromkeys((1002, 1102), "Jazz"), 1202: "Folk", 1302: ""}


def genres(fma: Path, out: Path, files: int) -> dict[str, int]:
    return dict(sampled(fma, out, files=files, genre_of=GENRE_OF).genres)


def test_genres_take_turns_and_one_without_enough_gives_what_it_has(fma: Path, out: Path) -> None:
    assert genres(fma, out, 3) == {"Folk": 1, "Jazz": 1, "Rock": 1}
    assert genres(fma, out, 5) == {"Rock": 2, "Jazz": 2, "Folk": 1}
    assert genres(fma, out, 9) == {"Rock": 6, "Jazz": 2, "Folk": 1}


def test_what_has_no_top_genre_comes_last(fma: Path, out: Path) -> None:
    assert genres(fma, out, 13) == {"Rock": 10, "Jazz": 2, "Folk": 1}
    assert genres(fma, out, 15) == {"Rock": 10, "Jazz": 2, "Folk": 1, "no top genre": 2}


def test_metadata_of_other_tracks_is_refused(fma: Path, out: Path) -> None:
    with pytest.raises(InputError) as caught:
        sampled(fma, out, genre_of={3: "Rock", 2: ""})
    assert str(caught.value) == (
        f"{fma}: the metadata has a top genre for none of its files; "
        "name the metadata of this archive with --metadata, or leave out --per-genre"
    )


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


def test_metadata_is_looked_for_beside_the_archive(fma: Path) -> None:
    with pytest.raises(InputError) as caught:
        metadata_beside(fma)
    assert str(caught.value) == (
        f"{fma}: has no metadata beside it (fma_metadata.zip, fma_metadata, tracks.csv); "
        "name FMA's fma_metadata.zip or tracks.csv with --metadata, or leave out --per-genre"
    )
    for name in ("tracks.csv", "fma_metadata", "fma_metadata.zip"):
        (fma.parent / name).touch()
        assert metadata_beside(fma) == fma.parent / name


# Repeated and resumed


def test_what_is_there_in_its_size_is_counted_and_not_written_again(fma: Path, out: Path) -> None:
    sampled(fma, out, files=5)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.mp3")}
    again = sampled(fma, out, files=8)
    assert counts(again) == (3, 5, 0)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_file_of_another_size_is_written_again(fma: Path, out: Path) -> None:
    sampled(fma, out, files=5)
    whole = files_in(out)
    (out / next(iter(whole))).write_bytes(b"half")
    assert counts(sampled(fma, out, files=5)) == (1, 4, 0)
    assert files_in(out) == whole


def test_an_interrupted_run_leaves_whole_files_and_the_same_command_goes_on(fma: Path, out: Path) -> None:
    asked = iter([False, False, False, True])
    half = sampled(fma, out, files=10, stopped=lambda: next(asked))
    assert (half.interrupted, counts(half), len(files_in(out))) == (True, (3, 0, 0), 3)
    assert str(half) == f"stopped: 3 of 10 files are in {out}; the same command goes on from there"
    (out / UNFINISHED).write_bytes(b"of a run that was killed")
    assert counts(sampled(fma, out, files=10)) == (7, 3, 0)
    assert len(files_in(out)) == 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_after_whole_files(fma: Path, out: Path, number: signal.Signals) -> None:
    plan = plan_sample(fma, out, limits=Limits(), seed=0)
    with stop_requested() as asked:
        sample = extract(plan, advance=lambda _: os.kill(os.getpid(), number), stopped=asked.is_set)
    assert (sample.interrupted, counts(sample), len(files_in(out))) == (True, (1, 0, 0), 1)


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


def test_two_commands_do_not_extract_into_one_folder(fma: Path, out: Path) -> None:
    line = f"{out}: another command extracts into it; wait for its end, or name another folder"
    with opened_folder(out), pytest.raises(InputError) as caught:
        sampled(fma, out)
    assert str(caught.value) == line


# Refused


def test_a_refused_file_does_not_count_and_the_rest_goes_on(fma: Path, out: Path) -> None:
    with zipfile.ZipFile(fma) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".mp3"))
    for name in names[::2]:
        declare(fma, name, crc=1)
    sample = sampled(fma, out, files=10)
    assert counts(sample)[:2] == (10, 0)
    assert len(files_in(out)) == 10
    assert {refusal.reason for refusal in sample.refusals} == {"its bytes do not have the checksum it declares"}
    assert set(files_in(out)) <= {name.removeprefix("fma_small/") for name in names[1::2]}


def test_a_bomb_leaves_nothing_behind(tmp_path: Path, out: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"bomb.mp3": bytes(20 * MB), "good.mp3": b"good"})
    sample = sampled(declare(archive, "bomb.mp3", size=MB), out)
    assert sample.refusals == (Refusal("bomb.mp3", "unpacks to more than the 1,000,000 bytes it declares"),)
    assert files_in(out) == {"good.mp3": b"good"}


def test_a_link_in_place_of_a_folder_is_not_written_through(fma: Path, out: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out.mkdir()
    (out / "000").symlink_to(elsewhere)
    (out / "001").symlink_to(tmp_path / "nowhere")
    sample = sampled(fma, out)
    assert list(elsewhere.iterdir()) == []
    assert not (tmp_path / "nowhere").exists()
    assert counts(sample) == (10, 0, 20)
    assert {refusal.reason for refusal in sample.refusals} == {
        "a link or a file is in the place of its folder 000",
        "a link or a file is in the place of its folder 001",
    }


def test_a_link_or_a_folder_in_place_of_a_file_stays_as_it_is(fma: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (out / "000").mkdir(parents=True)
    (out / "000" / "000002.mp3").symlink_to(tmp_path / "mine")
    (out / "000" / "000102.mp3").mkdir()
    sample = sampled(fma, out)
    why = "a link, or something else that is not a file, is in its place"
    assert sorted(map(str, sample.refusals)) == [f"'000/000002.mp3': {why}", f"'000/000102.mp3': {why}"]
    assert (tmp_path / "mine").read_text() == "mine"
    assert (out / "000" / "000002.mp3").is_symlink()


def test_a_file_in_place_of_a_folder_and_a_name_too_long_are_refused(tmp_path: Path, out: Path) -> None:
    long = "x" * 300 + ".mp3"
    archive = zip_of(tmp_path / "a.zip", {"a.mp3": b"1", long: b"2", "b/c.mp3": b"3"})
    out.mkdir()
    (out / "b").write_text("a file")
    sample = sampled(archive, out)
    assert sorted(sample.refusals, key=str) == [
        Refusal("b/c.mp3", "a link or a file is in the place of its folder b"),
        Refusal(long, "cannot be written there (File name too long)"),
    ]
    assert files_in(out) == {"a.mp3": b"1", "b": b"a file"}


def test_a_folder_that_is_a_link_itself_is_the_users_choice(fma: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "large-disk").mkdir()
    out.symlink_to(tmp_path / "large-disk")
    assert sampled(fma, out, files=2).extracted == 2
    assert len(files_in(tmp_path / "large-disk")) == 2


def test_files_are_ordinary_ones_whatever_the_archive_says(tmp_path: Path, out: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("a.mp3")
        info.external_attr = (stat.S_IFREG | 0o6777) << 16
        archive.writestr(info, b"x")
    sampled(tmp_path / "a.zip", out)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((out / "a.mp3").stat().st_mode) == 0o666 & ~umask


def test_ten_refusals_are_said_and_the_others_counted() -> None:
    refusals = [Refusal(f"{n}.mp3", "is a link") for n in range(1_012)]
    lines = refusal_lines(refusals)
    assert (lines[0], lines[9:]) == (
        "refused '0.mp3': is a link",
        ["refused '9.mp3': is a link", "and 1,002 more refused"],
    )
    assert len(refusal_lines(refusals[:10])) == 10


# The disk


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path, out: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mp3", b"x")
        archive.infolist()[0].file_size = 10**18
    with pytest.raises(EnvironmentProblem) as caught:
        sampled(tmp_path / "a.zip", out)
    before, after = str(caught.value).split(", and ")
    assert before == f"the sample needs 1,000,000,000.0 GB more in {out}"
    assert after.endswith("GB are free; lower --max-gb or --max-files, make room, or name another folder")
    assert not out.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_is_one_line(out: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught, said(out), Path("/dev/full").open("wb") as file:
        file.write(b"x")
    remedy = "make room and run the same command again: what was extracted is kept"
    assert str(caught.value) == f"the disk of {out} is full; {remedy}"


def test_a_folder_that_refuses_is_one_line(out: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught, said(out):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "x")
    assert str(caught.value) == (
        f"{out} cannot be written (Read-only file system); change its permissions, or name another folder"
    )


# Memory


def test_a_large_directory_and_a_large_file_take_little_memory(tmp_path: Path, out: Path) -> None:
    """20,000 clips and a piece of 64 MB. FMA has five times as many clips, which are smaller."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"fma_large/{n // 1000:03}/{n:06}.mp3"), b"a clip")
        archive.writestr("fma_large/020/020000.mp3", bytes(64 * MB))
    tracemalloc.start()
    plan = plan_sample(tmp_path / "a.zip", out, limits=Limits(files=100), seed=0, genre_of={20_000: "Rock"})
    held, peak_of_plan = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    sample = extract(plan, advance=lambda _: None, stopped=lambda: False)
    peak_of_files = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    assert (sample.extracted, sample.size) == (100, 64 * MB + 99 * len(b"a clip"))
    assert peak_of_plan < 40 * MB
    assert peak_of_files < 8 * MB


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
