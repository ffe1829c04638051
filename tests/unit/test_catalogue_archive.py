"""What is taken of an archive, what is refused, and that no entry unpacks further than it declares."""

from __future__ import annotations

import stat
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from archive_fixtures import clips, declare, zip_of

from spotistream.catalogue.archive import BLOCK, EntryRefused, Refusal, blocks, read_contents
from spotistream.errors import InputError

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]
MB = 10**6


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "music.zip"


def targets(path: Path) -> list[str]:
    return [entry.target for entry in read_contents(path).entries]


def refused(path: Path) -> list[tuple[str, str]]:
    return [(refusal.name, refusal.reason) for refusal in read_contents(path).refusals]


def unpacked(path: Path) -> bytes:
    """The content of the only audio file."""
    (entry,) = read_contents(path).entries
    with path.open("rb") as file:
        return b"".join(blocks(file, entry))


def reason(path: Path) -> str:
    with pytest.raises(EntryRefused) as caught:
        unpacked(path)
    return caught.value.refusal.reason


# What is taken


def test_fma_layout_loses_its_leading_folder_and_knows_its_track(path: Path) -> None:
    zip_of(path, {"fma_small/000/000002.mp3": b"two", "fma_small/checksums": b"x", "fma_small/README.txt": b"x"})
    contents = read_contents(path)
    assert [(entry.target, entry.track, entry.size) for entry in contents.entries] == [("000/000002.mp3", 2, 3)]
    assert (contents.refusals, contents.others) == ((), 2)


def test_another_layout_keeps_its_paths(path: Path) -> None:
    names = ["Queen/Innuendo/01 Innuendo.flac", "./a.ogg", "b//c.OPUS", "155/1553.mp3", "no-folder.mp3"]
    zip_of(path, dict.fromkeys(names, b"x"))
    contents = read_contents(path)
    kept = ["Queen/Innuendo/01 Innuendo.flac", "a.ogg", "b/c.OPUS", "155/1553.mp3", "no-folder.mp3"]
    assert [(entry.target, entry.track) for entry in contents.entries] == [(name, None) for name in kept]


def test_hidden_files_and_what_is_no_audio_are_others_and_folders_are_nothing(path: Path) -> None:
    zip_of(path, {"a.mp3": b"x", "cover.jpg": b"x", "__MACOSX/._a.mp3": b"x", "folder.mp3/": b""})
    contents = read_contents(path)
    assert (targets(path), contents.refusals, contents.others) == (["a.mp3"], (), 2)


def test_a_name_in_utf8_is_read_as_such_even_where_the_archive_does_not_say_so(path: Path) -> None:
    zip_of(path, {"Björk/Jóga.mp3": b"x"})
    assert targets(path) == ["Björk/Jóga.mp3"]
    declare(path, "Björk/Jóga.mp3", flags=0)
    assert targets(path) == ["Björk/Jóga.mp3"]
    assert unpacked(path) == b"x"


@pytest.mark.parametrize("method", METHODS)
def test_each_way_of_packing_gives_the_bytes_back_in_blocks(path: Path, method: int) -> None:
    content = np.random.default_rng(0).bytes(BLOCK) + bytes(3 * BLOCK) + b"end"
    zip_of(path, {"a.mp3": content}, method=method)
    (entry,) = read_contents(path).entries
    with path.open("rb") as file:
        found = list(blocks(file, entry))
    assert b"".join(found) == content
    assert max(map(len, found)) <= BLOCK


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_file_is_a_file(path: Path, method: int) -> None:
    assert unpacked(zip_of(path, {"a.mp3": b""}, method=method)) == b""


def test_zip64_is_read(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive, archive.open("a.mp3", "w", force_zip64=True) as file:
        file.write(b"large")
    assert unpacked(path) == b"large"


# What is refused by the directory


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../a.mp3", "its path leads out of the folder"),
        ("x/../../000/000002.mp3", "its path leads out of the folder"),
        ("x/..", None),
        ("/etc/a.mp3", "its path is absolute"),
        ("C:/a.mp3", "its path begins with a drive letter"),
        ("c:a.mp3", "its path begins with a drive letter"),
        ("..\\a.mp3", "its name holds a backslash"),
        ("a\nb.mp3", "its name holds a control character"),
        ("..a/b..mp3/c.mp3", None),
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(path: Path, name: str, why: str | None) -> None:
    zip_of(path, {name: b"x", "good.mp3": b"x"})
    assert refused(path) == ([(name, why)] if why else [])
    assert targets(path) == ["good.mp3"]


def test_a_nul_in_a_name_is_refused_and_hides_nothing_behind_it(path: Path) -> None:
    zip_of(path, {"a0b.mp3": b"x", "c.mp30.txt": b"x", "good.mp3": b"x"})
    path.write_bytes(path.read_bytes().replace(b"a0b.mp3", b"a\0b.mp3").replace(b"c.mp30.txt", b"c.mp3\0.txt"))
    assert refused(path) == [("a\0b.mp3", "its name holds a control character")]
    assert targets(path) == ["good.mp3"]
    assert str(read_contents(path).refusals[0]) == r"'a\x00b.mp3': its name holds a control character"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (stat.S_IFLNK, "is a link"),
        (stat.S_IFIFO, "is not a file: a folder, a pipe, a socket or a device"),
        (stat.S_IFBLK, "is not a file: a folder, a pipe, a socket or a device"),
        (stat.S_IFDIR, "is not a file: a folder, a pipe, a socket or a device"),
    ],
)
def test_links_and_devices_are_refused(path: Path, kind: int, why: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.mp3")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert refused(path) == [("a.mp3", why)]


def test_an_encrypted_entry_is_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": b"x"})
    assert refused(declare(path, "a.mp3", flags=1)) == [("a.mp3", "is encrypted")]


def test_an_unknown_way_of_packing_is_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": b"x"}, method=zipfile.ZIP_LZMA)
    assert refused(path) == [("a.mp3", "is packed by method 14, not by store, deflate or bzip2")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_entries_with_one_target_the_first_is_kept(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (("a.mp3", "1"), ("a.mp3", "2"), ("x/000/000002.mp3", "3"), ("y/000/000002.mp3", "4")):
            archive.writestr(name, content)
    assert [(entry.name, entry.crc) for entry in read_contents(path).entries] == [
        ("a.mp3", zlib.crc32(b"1")),
        ("x/000/000002.mp3", zlib.crc32(b"3")),
    ]
    assert refused(path) == [
        ("a.mp3", "an earlier entry is a.mp3 already"),
        ("y/000/000002.mp3", "an earlier entry is 000/000002.mp3 already"),
    ]


def test_entries_that_share_their_bytes_are_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": bytes(10), "b.mp3": bytes(10)}, method=zipfile.ZIP_STORED)
    declare(path, "a.mp3", size=55, packed_size=55)
    assert refused(path) == [("a.mp3", "its bytes are those of another entry as well")]
    assert targets(path) == ["b.mp3"]


def test_an_entry_beyond_the_end_of_the_archive_is_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": b"x"})
    assert refused(declare(path, "a.mp3", packed_size=10_000)) == [("a.mp3", "the archive ends before it does")]


def test_a_stored_entry_of_two_sizes_is_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": b"1234"}, method=zipfile.ZIP_STORED)
    assert refused(declare(path, "a.mp3", size=3)) == [("a.mp3", "declares 3 bytes and has 4")]


# What is refused by its bytes


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_an_entry_that_unpacks_to_more_than_it_declares_is_refused(path: Path, method: int) -> None:
    zip_of(path, {"a.mp3": b"1234"}, method=method)
    declare(path, "a.mp3", size=3, crc=zlib.crc32(b"123"))
    assert reason(path) == "unpacks to more than the 3 bytes it declares"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_is_not_unpacked_beyond_its_declared_size(path: Path, method: int) -> None:
    zip_of(path, {"a.mp3": bytes(200 * MB)}, method=method)
    declare(path, "a.mp3", size=2 * MB)
    (entry,) = read_contents(path).entries
    given = 0
    tracemalloc.start()
    with path.open("rb") as file, pytest.raises(EntryRefused, match="more than the 2,000,000 bytes"):
        for block in blocks(file, entry):
            given += len(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert given <= 2 * MB
    assert peak < 8 * MB


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_an_entry_that_unpacks_to_less_than_it_declares_is_refused(path: Path, method: int) -> None:
    zip_of(path, {"a.mp3": b"1234"}, method=method)
    assert reason(declare(path, "a.mp3", size=5)) == "unpacks to 4 bytes, fewer than the 5 it declares"


@pytest.mark.parametrize("method", METHODS)
def test_an_entry_of_another_checksum_is_refused(path: Path, method: int) -> None:
    zip_of(path, {"a.mp3": b"1234"}, method=method)
    assert reason(declare(path, "a.mp3", crc=1)) == "its bytes do not have the checksum it declares"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_damaged_bytes_are_refused(path: Path, method: int) -> None:
    zip_of(path, {"a.mp3": np.random.default_rng(0).bytes(99)}, method=method)
    data = bytearray(path.read_bytes())
    data[35:47] = b"\xff" * 12
    path.write_bytes(data)
    assert reason(path) == "its packed bytes are damaged"


def test_an_entry_that_the_directory_points_to_wrongly_is_refused(path: Path) -> None:
    zip_of(path, {"a.mp3": b"1234"})
    path.write_bytes(path.read_bytes().replace(b"a.mp3", b"b.mp3", 1))
    assert reason(path) == "where it should begin stands something else"


# What is no archive


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_contents(path)
    assert str(caught.value) == f"{path}: there is no such file; check the path"


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_contents(tmp_path)
    assert str(caught.value) == f"{tmp_path}: is not a file; name a ZIP archive of music"


@pytest.mark.parametrize("content", [b"", b"ID3\3 a song", bytes(1000), b"PK\5\6" + b"\xff" * 18])
def test_a_file_that_is_no_zip(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_contents(path)
    assert str(caught.value) == f"{path}: is not a ZIP archive; name one that is, such as FMA's fma_small.zip"


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_an_archive_that_is_cut_short(path: Path, kept: float) -> None:
    data = zip_of(path, clips(2, 5, 10, 140, 141)).read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(InputError) as caught:
        read_contents(path)
    assert str(caught.value) == (
        f"{path}: is cut short or damaged: the directory at the end of a ZIP cannot be read; "
        "download the rest of it, or all of it again"
    )


def test_a_directory_of_noise_is_a_damaged_archive_and_never_a_crash(path: Path) -> None:
    data = zip_of(path, clips(2, 5, 10)).read_bytes()
    directory = data.index(b"PK\1\2")
    chance = np.random.default_rng(0)
    for _ in range(500):
        noisy = bytearray(data)
        for _ in range(3):
            noisy[chance.integers(directory, len(data))] = chance.integers(256)
        path.write_bytes(noisy)
        try:
            contents = read_contents(path)
        except InputError:
            continue
        with path.open("rb") as file:
            for entry in contents.entries:
                try:
                    assert sum(map(len, blocks(file, entry))) == entry.size
                except EntryRefused as exc:
                    assert isinstance(exc.refusal, Refusal)
