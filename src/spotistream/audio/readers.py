"""Reading samples out of files: libsndfile, and FFmpeg's decoders (PyAV) for what libsndfile does not know.

Both give mono at the file's own rate and hold no more than the excerpt in memory, however long the file is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import soundfile as sf
from av.audio.stream import AudioStream
from av.container import InputContainer

BLOCK_FRAMES = 1 << 19
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,asf,asf_o,ape,wv,mpc,mpc8,dsf,iff,aac,ac3,tta,tak,matroska,webm,caf,amr,"
    "mp3,flac,ogg,wav,w64,aiff,au"
)
"""FFmpeg reads these and nothing else: a playlist or a script named .mp3 must not make it open other files."""

NO_SOUND = "it holds no sound"


class Unreadable(Exception):
    """A reader could make nothing of the file; the message is the reader's own."""


@dataclass(frozen=True, eq=False)
class Excerpt:
    """samples : float32 (n,), mono, at ``sr`` Hz
    duration_s : length of the whole file, seconds: counted where it was read to its end, else as declared
    declared_s : length that the file's header gives, seconds; 0 where it gives none
    """

    samples: np.ndarray
    sr: int
    duration_s: float
    declared_s: float


def read_soundfile(path: Path, *, max_seconds: float, middle: bool) -> Excerpt:
    """``max_seconds`` of a file by libsndfile: its middle, or its beginning. Raises Unreadable."""
    try:
        with sf.SoundFile(path) as file:
            wanted = int(max_seconds * file.samplerate)
            declared = file.frames if file.frames < 1 << 48 else 0
            if middle and declared > wanted and file.seekable():
                file.seek((declared - wanted) // 2)
                samples, total = _collect(_soundfile_blocks(file, limit=wanted), wanted)
                if total == wanted:
                    duration = declared / file.samplerate
                    return Excerpt(samples, file.samplerate, duration, declared_s=duration)
                file.seek(0)
            samples, total = _collect(_soundfile_blocks(file, limit=None), wanted)
            rate = file.samplerate
            return Excerpt(samples, rate, total / rate, declared_s=declared / rate)
    except (sf.SoundFileError, sf.SoundFileRuntimeError) as exc:
        raise Unreadable(getattr(exc, "error_string", str(exc)).rstrip(".")) from exc


def read_ffmpeg(path: Path, *, max_seconds: float, middle: bool) -> Excerpt:
    """``max_seconds`` of a file by FFmpeg: its middle, or its beginning. Raises Unreadable."""
    try:
        excerpt = _read_ffmpeg(path, max_seconds=max_seconds, seek=middle)
        if excerpt is None:
            excerpt = _read_ffmpeg(path, max_seconds=max_seconds, seek=False)
    except (av.FFmpegError, ValueError) as exc:
        raise Unreadable(getattr(exc, "strerror", None) or str(exc)) from exc
    if excerpt is None:
        raise Unreadable("it cannot be read from its beginning")
    return excerpt


def _read_ffmpeg(path: Path, *, max_seconds: float, seek: bool) -> Excerpt | None:
    """None where seeking led past the end of what can be decoded."""
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    with av.open(f"file:{path}", options=options, metadata_errors="ignore") as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise Unreadable(NO_SOUND)
        if stream.codec_context is None or not stream.rate:  # PyAV leaves the context out where it has no decoder
            raise Unreadable("there is no decoder for its sound")
        declared = _declared_seconds(container, stream)
        wanted = int(max_seconds * stream.rate)
        middle = seek and declared > max_seconds
        if middle:
            container.seek(int((declared - max_seconds) / 2 * 1_000_000))
        samples, total = _collect(_ffmpeg_blocks(container, stream, limit=wanted if middle else None), wanted)
        if middle and total < wanted:
            return None
        return Excerpt(samples, stream.rate, declared if middle else total / stream.rate, declared_s=declared)


def _declared_seconds(container: InputContainer, stream: AudioStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1_000_000


def _soundfile_blocks(file: sf.SoundFile, *, limit: int | None) -> Iterator[np.ndarray]:
    left = limit if limit is not None else 1 << 62
    while left > 0:
        block = file.read(min(left, BLOCK_FRAMES), dtype="float32", always_2d=True)
        if not len(block):
            return
        left -= len(block)
        yield _mono(block.T)


def _ffmpeg_blocks(container: InputContainer, stream: AudioStream, *, limit: int | None) -> Iterator[np.ndarray]:
    """Mono blocks; packets that are damaged are passed over, as players do."""
    total = 0
    for packet in _packets(container, stream):
        try:
            frames = cast(list[av.AudioFrame], packet.decode())
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            block = _mono(_channels(frame))
            total += len(block)
            yield block
        if limit is not None and total >= limit:
            return


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[av.Packet[Any]]:
    """The packets of a stream; a damaged place that cannot be read past is its end."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.InvalidDataError):
            return
        yield packet


def _channels(frame: av.AudioFrame) -> np.ndarray:
    """float32 (channels, n), integer formats scaled to [-1, 1]."""
    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, frame.layout.nb_channels).T
    if values.dtype == np.uint8:
        return (values.astype(np.float32) - 128) / 128
    if values.dtype.kind == "i":
        return values.astype(np.float32) / np.float32(2 ** (8 * values.dtype.itemsize - 1))
    return values.astype(np.float32, copy=False)


def _mono(channels: np.ndarray) -> np.ndarray:
    """The mean of the channels: float32 (n,) of (channels, n). Adding rows is 20 times faster than ``mean``."""
    if len(channels) == 1:
        return np.ascontiguousarray(channels[0])
    total = channels[0] + channels[1]
    for channel in channels[2:]:
        total += channel
    return total * np.float32(1 / len(channels))


def _collect(blocks: Iterator[np.ndarray], wanted: int) -> tuple[np.ndarray, int]:
    """The first ``wanted`` samples of the blocks, and how many there were in all."""
    kept: list[np.ndarray] = []
    total = 0
    for block in blocks:
        if total < wanted:
            kept.append(block[: wanted - total])
        total += len(block)
    return (np.concatenate(kept) if kept else np.empty(0, dtype=np.float32)), total
