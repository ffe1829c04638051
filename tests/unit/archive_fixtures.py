"""ZIP archives for tests: honest ones, and ones whose headers lie; samples of them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from spotistream.catalogue.sampling import Limits, Sample, extract, plan_sample

HEADER, RECORD = b"PK\x03\x04", b"PK\x01\x02"
# Where a field stands in a header, where in a record of the directory, and how it is packed.
FIELDS = {
    "flags": (6, 8, "<H"),
    "method": (8, 10, "<H"),
    "crc": (14, 16, "<I"),
    "packed_size": (18, 20, "<I"),
    "size": (22, 24, "<I"),
}


def zip_of(path: Path, files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive of these files, in this order."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def clips(*numbers: int) -> dict[str, bytes]:
    """FMA's layout, each clip of other bytes and another length."""
    return {f"fma_small/{n // 1000:03}/{n:06}.mp3": f"clip {n} ".encode() * (n % 90 + 10) for n in numbers}


def declare(path: Path, name: str, **values: int) -> Path:
    """Change what the header and the directory say of an entry, and nothing else."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        header = archive.getinfo(name).header_offset
    record = data.rindex(name.encode()) - 46
    assert (data[header : header + 4], data[record : record + 4]) == (HEADER, RECORD)
    for field, value in values.items():
        in_header, in_record, packed = FIELDS[field]
        struct.pack_into(packed, data, header + in_header, value)
        struct.pack_into(packed, data, record + in_record, value)
    path.write_bytes(data)
    return path


def fma_zip(folder: Path) -> Path:
    """Thirty clips in FMA's layout, and what else FMA's archives hold."""
    others = {"fma_small/checksums": b"x", "fma_small/README.txt": b"x"}
    return zip_of(folder / "fma_small.zip", others | clips(*range(2, 3002, 100)))


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
