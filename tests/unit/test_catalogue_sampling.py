"""Which files a sample has, that it can be repeated and resumed, and takes little memory."""

from __future__ import annotations

import os
import signal
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from archive_fixtures import clips, counts, files_in, fma_zip, sampled, zip_of

from spotistream.catalogue.sampling import Limits, extract, limits, plan_sample
from spotistream.catalogue.unpacking import UNFINISHED
from spotistream.errors import InputError
from spotistream.signals import stop_requested

MB = 10**6


@pytest.fixture
def fma(tmp_path: Path) -> Path:
    return fma_zip(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


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
