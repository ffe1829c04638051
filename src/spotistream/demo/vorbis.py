"""Writing an OGG Vorbis file whose bytes depend on its samples and tags alone.

libsndfile numbers the stream of each file by the clock. Here every page gets the number that the caller gives, so that
the same clip is the same file, and its hash the same hash.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import soundfile
from mutagen.ogg import OggPage
from mutagen.oggvorbis import OggVorbis

from spotistream.demo.oscillators import Samples

# libvorbis quality 4: at this one the encoder is also fastest, half the time of 3 or 5.
COMPRESSION_LEVEL = 0.6


def write_vorbis(path: Path, samples: Samples, *, sr: int, tags: Mapping[str, str], serial: int) -> None:
    """Write ``samples``, float32 (n, channels), to ``path`` at once: the file is whole or absent.

    tags : Vorbis comments; serial : number of the stream, 0 to 2**31 - 1.
    """
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer, "w", sr, samples.shape[1], format="OGG", subtype="VORBIS", compression_level=COMPRESSION_LEVEL
    ) as out:
        for start in range(0, len(samples), sr):
            out.write(samples[start : start + sr])
    encoded = io.BytesIO(_renumbered(buffer.getvalue(), serial))
    comments = OggVorbis(encoded)
    comments.clear()
    comments.update({key: [value] for key, value in tags.items()})
    encoded.seek(0)
    comments.save(encoded, padding=lambda info: 0)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(encoded.getvalue())
    part.replace(path)


def _renumbered(encoded: bytes, serial: int) -> bytes:
    """The stream with another serial number on each page, checksums corrected."""
    source, pages = io.BytesIO(encoded), []
    while source.tell() < len(encoded):
        page = OggPage(source)
        page.serial = serial
        pages.append(page.write())
    return b"".join(pages)
