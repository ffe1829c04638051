"""Audio file -> :class:`Clip`: mono, one sample rate, a bounded length; or a :class:`DecodeError` that says why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from spotistream.audio.excerpt import Excerpt
from spotistream.audio.formats import HEAD_BYTES, looks_like, sniff
from spotistream.audio.readers import NO_SOUND, Stretch, Unreadable, read_ffmpeg, read_soundfile
from spotistream.audio.waveform import PARTS
from spotistream.errors import DecodeError

SILENCE_DBFS = -60.0
"""Loudest sample, dB below full scale, under which a file counts as silence: dither and hum are far below it."""
SILENCE = 10 ** (SILENCE_DBFS / 20)
WHOLE_SECONDS = 1_200.0
"""Files up to this long are read whole, for their loudness and outline; of longer ones only the excerpt is."""
RATES_HZ = (1_000, 12_000_000)
MEGABYTE = 1_000_000
DAMAGED = "its content is damaged or incomplete"


@dataclass(frozen=True, eq=False)
class Clip:
    """What is analysed of one file, and what was measured on the way to it.

    samples : float32 (n,), mono, [-1, 1]
    sr : int, Hz, of ``samples``
    duration_s : length of the whole file, seconds; ``samples`` may be its middle only
    loudness_lufs : integrated loudness (ITU-R BS.1770-4) of the stretch that was read, all channels; None where it is
        shorter than 0.4 s or below the gate of -70 LUFS everywhere
    waveform : 512 bytes: of each 1/512 of that stretch the largest absolute sample of any channel, 0..255 for 0..1
    waveform_start_s, waveform_end_s : that stretch, seconds: the whole file, or ``samples`` where it is longer than
        WHOLE_SECONDS
    """

    samples: np.ndarray
    sr: int
    duration_s: float
    loudness_lufs: float | None = None
    waveform: bytes = bytes(PARTS)
    waveform_start_s: float = 0.0
    waveform_end_s: float = 0.0


def decode(
    path: Path,
    *,
    sr: int,
    max_seconds: float,
    min_seconds: float,
    max_file_mb: float,
    whole_seconds: float = WHOLE_SECONDS,
) -> Clip:
    """Decode a file, measure it, and resample its middle.

    path : the file
    sr : int, Hz, of the clip
    max_seconds : most that the clip holds of a long file, from its middle, seconds
    min_seconds : shorter files are an error, seconds
    max_file_mb : larger files are an error, 10^6 bytes
    whole_seconds : files that declare to be longer are decoded in their middle only, seconds

    Raises DecodeError with code unreadable, empty, too_large, not_audio, no_sound, damaged, truncated, too_short or
    silent.
    """
    head = _head(path, max_file_mb=max_file_mb)
    excerpt = _read(path, head, Stretch(max_seconds, middle=True, whole_seconds=whole_seconds))
    if _peak(excerpt) < SILENCE and excerpt.duration_s > max_seconds:
        excerpt = _read(path, head, Stretch(max_seconds, middle=False, whole_seconds=whole_seconds))
    _check(path, excerpt, min_seconds=min_seconds)
    samples = soxr.resample(excerpt.samples, excerpt.sr, sr, quality="HQ") if excerpt.sr != sr else excerpt.samples
    start_s, end_s = excerpt.read_s
    return Clip(
        samples=np.clip(samples, -1.0, 1.0, out=samples),
        sr=sr,
        duration_s=excerpt.duration_s,
        loudness_lufs=excerpt.loudness_lufs,
        waveform=excerpt.waveform,
        waveform_start_s=start_s,
        waveform_end_s=end_s,
    )


def _head(path: Path, *, max_file_mb: float) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as exc:
        raise DecodeError(path, "unreadable", f"it cannot be opened: {exc.strerror or exc}") from exc
    if not head:
        raise DecodeError(path, "empty", "it is empty: 0 bytes")
    if size > max_file_mb * MEGABYTE:
        raise DecodeError(
            path, "too_large", f"it has {size / MEGABYTE:,.0f} MB; audio.max_file_mb allows {max_file_mb:,.0f}"
        )
    return head


def _read(path: Path, head: bytes, stretch: Stretch) -> Excerpt:
    """By libsndfile; by FFmpeg where that fails or finds much less than the header promises."""
    first: Excerpt | None = None
    try:
        first = read_soundfile(path, stretch)
        if len(first.samples) and not _is_cut(first):
            return first
    except Unreadable:
        pass
    try:
        second = read_ffmpeg(path, stretch)
    except OSError as exc:
        raise DecodeError(path, "unreadable", f"it cannot be read: {exc.strerror or exc}") from exc
    except Unreadable as exc:
        if first is None:
            raise _undecodable(path, head, str(exc)) from exc
        return first
    return second if first is None or not _is_cut(second) or second.duration_s > first.duration_s else first


def _undecodable(path: Path, head: bytes, problem: str) -> DecodeError:
    """The error for a file no reader takes; ``problem`` is what the last one said."""
    format_name = sniff(head)
    if format_name is None and (seems := looks_like(head)):
        return DecodeError(path, "not_audio", f"it is not audio: the content looks like {seems}")
    if format_name is None:
        return DecodeError(path, "not_audio", "it is not audio in any known format: no decoder recognises it")
    if problem == NO_SOUND:
        return DecodeError(path, "no_sound", "it holds no sound: a film or a picture without an audio track")
    words = DAMAGED if problem.startswith("Invalid data") else problem[:1].lower() + problem[1:]
    return DecodeError(path, "damaged", f"it begins like {format_name.upper()} audio but cannot be decoded: {words}")


def _is_cut(excerpt: Excerpt) -> bool:
    """True where less than half of what the header promises can be decoded, a second of padding aside."""
    return excerpt.declared_s > 2 * excerpt.duration_s + 1


def _check(path: Path, excerpt: Excerpt, *, min_seconds: float) -> None:
    samples, found = excerpt.samples, excerpt.duration_s
    if not len(samples):
        raise DecodeError(path, "truncated", "it ends before the first sound: only the header is there")
    if not RATES_HZ[0] <= excerpt.sr <= RATES_HZ[1]:
        raise DecodeError(path, "damaged", f"its header gives a sample rate of {excerpt.sr} Hz")
    if _is_cut(excerpt):
        promised = f"{excerpt.declared_s:.0f} s"
        raise DecodeError(path, "truncated", f"it is cut off: only {found:.1f} s of {promised} can be decoded")
    if found < min_seconds:
        raise DecodeError(path, "too_short", f"it lasts {found:.2f} s; audio.min_seconds asks for {min_seconds:g}")
    if not np.isfinite(samples).all():
        raise DecodeError(path, "damaged", "it holds samples that are not numbers")
    if (peak := _peak(excerpt)) < SILENCE:
        level = f"its loudest sample is at {20 * np.log10(peak):.0f} dBFS" if peak > 0 else "every sample is zero"
        raise DecodeError(path, "silent", f"it can be decoded but is silent: {level}")


def _peak(excerpt: Excerpt) -> float:
    """Largest absolute sample; 0 without any."""
    return float(max(excerpt.samples.max(), -excerpt.samples.min())) if len(excerpt.samples) else 0.0
