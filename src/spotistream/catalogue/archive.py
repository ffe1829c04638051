"""What a ZIP of music holds, by its directory alone, and the bytes of one entry at a time.

An archive comes from elsewhere, so nothing it says is believed: a name may lead out of the folder, a size may be a lie,
and a small entry may unpack to terabytes. Only the directory is read into memory.
"""

from __future__ import annotations

import bz2
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from spotistream.audio.formats import AUDIO_SUFFIXES
from spotistream.errors import InputError, SpotistreamError

BLOCK = 1 << 20
"""Bytes read, and bytes unpacked, at a time."""

FMA_LAYOUT = re.compile(r"(?:.*/)?(\d{3}/(\d{6})\.[^./]+)")
"""``fma_small/000/000002.mp3``: what is kept of the path, and the number of the track."""

_HEADER = struct.Struct("<4s22xHH")
_HEADER_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED, _UTF8_NAME, _HEADERS_HIDDEN = 0x0001, 0x0800, 0x2000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_NAME_PROBLEMS = (
    (re.compile(r"[\x00-\x1f\x7f]"), "its name holds a control character"),
    (re.compile(r"\\"), "its name holds a backslash"),
    (re.compile(r"^/"), "its path is absolute"),
    (re.compile(r"^[A-Za-z]:"), "its path begins with a drive letter"),
    (re.compile(r"(^|/)\.\.(/|$)"), "its path leads out of the folder"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An audio file of an archive.

    name : its path in the archive
    target : its path below the folder it is extracted to, ``/`` between the parts; never leads out of it
    track : FMA's number of the track, or None in another layout
    size, packed_size : bytes, unpacked and as they stand in the archive, both as declared
    offset : byte of the archive where its header begins
    """

    name: str
    target: str
    track: int | None
    size: int
    packed_size: int
    offset: int
    method: int
    crc: int
    name_bytes: bytes


@dataclass(frozen=True)
class Refusal:
    """An entry that is not extracted, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name!a}: {self.reason}"


class EntryRefused(SpotistreamError):
    """An entry that cannot be extracted. Becomes a Refusal, never stops the others."""

    exit_code = 5

    def __init__(self, name: str, reason: str) -> None:
        self.refusal = Refusal(name, reason)
        super().__init__(str(self.refusal))


@dataclass(frozen=True)
class Contents:
    """What an archive holds: audio, audio that is refused, and how many other files."""

    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]
    others: int


def read_contents(archive: Path) -> Contents:
    """Sort the entries of the directory into audio, refused and others. Folders count nowhere.

    Of several entries with one target the first is kept. As in a folder of music, what starts with a dot is left out.

    Raises InputError for a file that is missing, cannot be read, is no ZIP or is cut short.
    """
    directory = _directory(archive)
    astray = _astray(directory, archive.stat().st_size)
    entries: dict[str, Entry] = {}
    refusals, others = [], 0
    for info in directory:
        name = _name(info)
        path = PurePosixPath(name)
        if name.endswith("/"):
            continue
        if path.suffix.lower() not in AUDIO_SUFFIXES:
            others += 1
        elif reason := _problem(info, name) or astray.get(id(info)):
            refusals.append(Refusal(name, reason))
        elif any(part.startswith(".") for part in path.parts):
            others += 1
        elif (entry := _entry(info, name)).target in entries:
            refusals.append(Refusal(name, f"an earlier entry is {entry.target} already"))
        else:
            entries[entry.target] = entry
    return Contents(tuple(entries.values()), tuple(refusals), others)


def _directory(archive: Path) -> list[zipfile.ZipInfo]:
    head = b""
    try:
        if not stat.S_ISREG(archive.stat().st_mode):
            raise InputError(str(archive), "is not a file", remedy="name a ZIP archive of music")
        with archive.open("rb") as file:
            head = file.read(len(_HEADER_SIGNATURE))
            with zipfile.ZipFile(file) as opened:
                return opened.infolist()
    except FileNotFoundError as exc:
        raise InputError(str(archive), "there is no such file", remedy="check the path") from exc
    except OSError as exc:
        raise _unreadable(archive, exc) from exc
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as exc:
        if head == _HEADER_SIGNATURE:
            problem = "is cut short or damaged: the directory at the end of a ZIP cannot be read"
            raise InputError(str(archive), problem, remedy="download the rest of it, or all of it again") from exc
        problem = "is not a ZIP archive"
        raise InputError(str(archive), problem, remedy="name one that is, such as FMA's fma_small.zip") from exc


def _unreadable(archive: Path | str, error: OSError) -> InputError:
    remedy = "check its permissions and its disk, and run the same command again"
    return InputError(str(archive), f"cannot be read ({error.strerror or error})", remedy=remedy)


def _astray(directory: Iterable[zipfile.ZipInfo], archive_size: int) -> dict[int, str]:
    """Why the bytes of an entry cannot be its own, by ``id`` of the entry.

    Entries that share their packed bytes make a small archive unpack to a huge folder.
    """
    found = {}
    ordered = sorted(directory, key=lambda info: info.header_offset)
    for info in ordered:
        if info.header_offset < 0 or _end(info) > archive_size:
            found[id(info)] = "the archive ends before it does"
    for info, following in pairwise(ordered):
        if _end(info) > following.header_offset:
            found.setdefault(id(info), "its bytes are those of another entry as well")
    return found


def _end(info: zipfile.ZipInfo) -> int:
    return info.header_offset + _HEADER.size + len(_name_bytes(info)) + info.compress_size


def _name_bytes(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437")


def _name(info: zipfile.ZipInfo) -> str:
    """The whole name: ``ZipInfo.filename`` ends at a NUL. Many archives have UTF-8 names and do not say so."""
    try:
        return _name_bytes(info).decode("utf-8")
    except UnicodeDecodeError:
        return info.orig_filename


def _problem(info: zipfile.ZipInfo, name: str) -> str | None:
    """Why an entry is refused by what the directory says of it, or None."""
    for pattern, reason in _NAME_PROBLEMS:
        if pattern.search(name):
            return reason
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFREG):
        return "is not a file: a folder, a pipe, a socket or a device"
    if info.flag_bits & (_ENCRYPTED | _HEADERS_HIDDEN):
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return f"is packed by method {info.compress_type}, not by store, deflate or bzip2"
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        return f"declares {info.file_size:,} bytes and has {info.compress_size:,}"
    return None


def _entry(info: zipfile.ZipInfo, name: str) -> Entry:
    path = str(PurePosixPath(name))
    fma = FMA_LAYOUT.fullmatch(path)
    return Entry(
        name=name,
        target=fma[1] if fma else path,
        track=int(fma[2]) if fma else None,
        size=info.file_size,
        packed_size=info.compress_size,
        offset=info.header_offset,
        method=info.compress_type,
        crc=info.CRC,
        name_bytes=_name_bytes(info),
    )


def blocks(archive: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The unpacked bytes of an entry, at most ``BLOCK`` at a time; no more than one byte beyond what it declares.

    Raises EntryRefused, after some blocks or all, where size or checksum are not the declared ones, or the packed bytes
    are damaged or missing. Raises InputError where the archive cannot be read.
    """
    total = crc = 0
    for block in _unpacked(archive, entry):
        total += len(block)
        if total > entry.size:
            raise EntryRefused(entry.name, f"unpacks to more than the {entry.size:,} bytes it declares")
        crc = zlib.crc32(block, crc)
        yield block
    if total < entry.size:
        raise EntryRefused(entry.name, f"unpacks to {total:,} bytes, fewer than the {entry.size:,} it declares")
    if crc != entry.crc:
        raise EntryRefused(entry.name, "its bytes do not have the checksum it declares")


def _unpacked(archive: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Unpacks no further than the declared size and one byte, a block at a time.

    ``zipfile`` would do neither: it ends silently at the declared size, and unpacks bzip2 without bound. FMA's
    archives are bzip2.
    """
    if entry.method == zipfile.ZIP_STORED:
        yield from _packed(archive, entry)
        return
    unpacker: Any = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == zipfile.ZIP_DEFLATED else None
    unpacker = unpacker or bz2.BZ2Decompressor()
    room = entry.size + 1
    for packed in _packed(archive, entry):
        rest = packed
        while room and not unpacker.eof:
            wanted = min(BLOCK, room)
            try:
                block = unpacker.decompress(rest, wanted)
            except (zlib.error, OSError, ValueError) as exc:
                raise EntryRefused(entry.name, "its packed bytes are damaged") from exc
            rest = getattr(unpacker, "unconsumed_tail", b"")  # bz2 keeps the rest itself
            room -= len(block)
            if block:
                yield block
            if not rest and len(block) < wanted:
                break


def _packed(archive: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The bytes of an entry as they stand in the archive."""
    try:
        archive.seek(entry.offset)
        header = archive.read(_HEADER.size)
        signature, name_length, extra_length = _HEADER.unpack(header.ljust(_HEADER.size, b"\0"))
        if signature != _HEADER_SIGNATURE or archive.read(name_length) != entry.name_bytes:
            raise EntryRefused(entry.name, "where it should begin stands something else")
        archive.seek(extra_length, 1)
        left = entry.packed_size
        while left:
            block = archive.read(min(BLOCK, left))
            if not block:
                raise EntryRefused(entry.name, "the archive ends before it does")
            left -= len(block)
            yield block
    except OSError as exc:
        raise _unreadable(archive.name, exc) from exc
