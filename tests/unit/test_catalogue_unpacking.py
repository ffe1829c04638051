"""Files are written whole, below their folder, never through a link; the disk and the folder say what is wrong."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from pathlib import Path

import pytest
from archive_fixtures import counts, declare, files_in, fma_zip, sampled, zip_of

from spotistream.catalogue.archive import Refusal
from spotistream.catalogue.sampling import refusal_lines
from spotistream.catalogue.unpacking import opened_folder, said
from spotistream.errors import EnvironmentProblem, InputError

MB = 10**6


@pytest.fixture
def fma(tmp_path: Path) -> Path:
    return fma_zip(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


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
