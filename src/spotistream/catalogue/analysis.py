"""One file -> what the tables hold about it. Never raises for what is wrong with the file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from spotistream.audio.decode import MEGABYTE, Clip, decode
from spotistream.audio.features import Features, features
from spotistream.audio.formats import HEAD_BYTES, sniff
from spotistream.audio.spec import spec_of
from spotistream.catalogue.covers import store_cover, usable_picture
from spotistream.catalogue.outcome import Settings, Task, outcome, rejected
from spotistream.catalogue.spectrograms import store_spectrogram
from spotistream.catalogue.tags import read_tags
from spotistream.errors import DecodeError
from spotistream.names import album_id, artist_id, genre_id


def analyse_file(task: Task, *, settings: Settings) -> dict[str, Any]:
    """The file's row of OUTCOME. Raises OSError where the folders of pictures cannot be written."""
    path, content_hash, spec = Path(task.path), None, spec_of(settings.preset)
    try:
        if path.stat().st_size <= settings.max_file_mb * MEGABYTE:
            with path.open("rb") as file:
                content_hash = hashlib.file_digest(file, "sha256").hexdigest()
                file.seek(0)
                head = file.read(HEAD_BYTES)
            if content_hash == task.known_hash:
                return outcome(path=task.path, content_hash=content_hash)
        clip = decode(
            path, sr=spec.sr, max_seconds=settings.max_seconds, min_seconds=settings.min_seconds,
            max_file_mb=settings.max_file_mb,
        )  # fmt: skip
        described = features(clip, spec=spec)
    except DecodeError as exc:
        return rejected(task, code=exc.code, reason=exc.reason, content_hash=content_hash)
    except OSError as exc:
        return rejected(task, code="unreadable", reason=f"it cannot be read: {exc.strerror or exc}")
    except MemoryError:
        return rejected(task, code="too_large", reason="decoding it takes too much memory", content_hash=content_hash)
    if not np.isfinite(described.vector).all():
        reason = "its sound gives features that are not numbers"
        return rejected(task, code="damaged", reason=reason, content_hash=content_hash)
    assert content_hash is not None  # noqa: S101 - a file that is too large for a hash is not decoded either
    return outcome(
        path=task.path,
        content_hash=content_hash,
        duration_s=clip.duration_s,
        format=sniff(head) or path.suffix.lower().lstrip("."),
        feature_spec=spec.id,
        **_metadata(task, settings=settings),
        **_described(clip, described),
        spectrogram_path=str(
            store_spectrogram(described.mel_db, content_hash=content_hash, folder=Path(settings.pictures))
        ),
    )


def _described(clip: Clip, found: Features) -> dict[str, Any]:
    return {
        "loudness_lufs": clip.loudness_lufs,
        "waveform": clip.waveform,
        "waveform_start_s": clip.waveform_start_s,
        "waveform_end_s": clip.waveform_end_s,
        "vector": found.vector.tolist(),
        "tempo": found.tempo,
        "brightness": found.brightness,
        "energy": found.energy,
    }


def _metadata(task: Task, *, settings: Settings) -> dict[str, Any]:
    tags = read_tags(Path(task.path), folder=task.folder)
    cover: Path | None = None
    if task.cover and usable_picture(Path(task.cover)):
        cover = Path(task.cover)
    elif tags.picture:
        cover = store_cover(tags.picture, Path(settings.covers))
    return {
        "title": tags.title,
        "artist_id": artist_id(tags.artist),
        "artist": tags.artist,
        "album_id": album_id(tags.album_artist or tags.artist, tags.album) if tags.album else None,
        "album": tags.album,
        "genre": tags.genre,
        "genre_ids": [genre_id(tags.genre)] if tags.genre else None,
        "track_number": tags.track_number,
        "year": tags.year,
        "licence": tags.licence,
        "cover_path": str(cover) if cover else None,
    }
