"""Reading samples out of files: libsndfile, and FFmpeg's decoders (PyAV) for what libsndfile does not know.

Both hand over blocks at the file's own rate and hold no more than the excerpt in memory, however long the file is. A
file that says it is short enough is read whole, once, its excerpt being kept on the way; of a longer one only the
excerpt is decoded.
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

from spotistream.audio.excerpt import BLOCK_FRAMES, Excerpt, collect

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,asf,asf_o,ape,wv,mpc,mpc8,dsf,iff,aac,ac3,tta,tak,matroska,webm,caf,amr,"
    "mp3,flac,ogg,wav,w64,aiff,au"
)
"""FFmpeg reads these and nothing else: a playlist or a script named .mp3 must not make it open other files."""

NO_SOUND = "it holds no sound"


class Unreadable(Exception):
    """A reader could make nothing of the file; the message is the reader's own."""


@dataclass(frozen=True)
class Stretch:
    """What to read of a file.

    max_seconds : the excerpt's length
    middle : True: the excerpt is the file's middle, False: its beginning
    whole_seconds : files that say they are longer are not read whole for the sake of their middle
    """

    max_seconds: float
    middle: bool
    whole_seconds: float

    def seeks(self, declared_s: float) -> bool:
        """Whether to jump to the middle and read nothing else."""
        return self.middle and declared_s > max(self.whole_seconds, self.max_seconds)

    def start(self, declared: int, sr: int) -> int:
        """First sample of the excerpt of a file that is read whole."""
        return max(0, declared - int(self.max_seconds * sr)) // 2 if self.middle else 0


def read_soundfile(path: Path, stretch: Stretch) -> Excerpt:
    """By libsndfile. Raises Unreadable."""
    try:
        with sf.SoundFile(path) as file:
            sr = file.samplerate
            wanted = int(stretch.max_seconds * sr)
            declared = file.frames if file.frames < 1 << 48 else 0
            if stretch.seeks(declared / sr) and file.seekable():
                start = (declared - wanted) // 2
                file.seek(start)
                found = collect(_soundfile_blocks(file, limit=wanted), sr, keep_from=0, keep=wanted)
                if found.total == wanted:
                    return found.excerpt(sr, declared_s=declared / sr, start=start, duration_s=declared / sr)
                file.seek(0)
                keep_from = 0
            else:
                keep_from = stretch.start(declared, sr)
            found = collect(_soundfile_blocks(file, limit=None), sr, keep_from=keep_from, keep=wanted)
            if len(found.samples) < min(wanted, found.total):  # it ends before the middle of what it declares does
                file.seek(0)
                found = collect(_soundfile_blocks(file, limit=None), sr, keep_from=0, keep=wanted)
            return found.excerpt(sr, declared_s=declared / sr)
    except (sf.SoundFileError, sf.SoundFileRuntimeError) as exc:
        raise Unreadable(getattr(exc, "error_string", str(exc)).rstrip(".")) from exc


def _soundfile_blocks(file: sf.SoundFile, *, limit: int | None) -> Iterator[np.ndarray]:
    """float32 (n, channels), each in the memory of the one before."""
    memory = np.empty((BLOCK_FRAMES, file.channels), dtype=np.float32)
    left = limit if limit is not None else 1 << 62
    while left > 0:
        block = file.read(out=memory[: min(left, BLOCK_FRAMES)])
        if not len(block):
            return
        left -= len(block)
        yield block


def read_ffmpeg(path: Path, stretch: Stretch) -> Excerpt:
    """By FFmpeg. Raises Unreadable."""
    try:
        excerpt = _read_ffmpeg(path, stretch)
        if excerpt is None:
            beginning = Stretch(stretch.max_seconds, middle=False, whole_seconds=stretch.whole_seconds)
            excerpt = _read_ffmpeg(path, beginning)
    except (av.FFmpegError, ValueError) as exc:
        raise Unreadable(getattr(exc, "strerror", None) or str(exc)) from exc
    if excerpt is None:
        raise Unreadable("it cannot be read from its beginning")
    return excerpt


def _read_ffmpeg(path: Path, stretch: Stretch) -> Excerpt | None:
    """None where the middle lies past the end of what can be decoded."""
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    with av.open(f"file:{path}", options=options, metadata_errors="ignore") as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise Unreadable(NO_SOUND)
        if stream.codec_context is None or not stream.rate:  # PyAV leaves the context out where it has no decoder
            raise Unreadable("there is no decoder for its sound")
        sr, declared_s = stream.rate, _declared_seconds(container, stream)
        wanted = int(stretch.max_seconds * sr)
        if stretch.seeks(declared_s):
            start_s = (declared_s - stretch.max_seconds) / 2
            container.seek(int(start_s * 1_000_000))
            found = collect(_ffmpeg_blocks(container, stream, limit=wanted), sr, keep_from=0, keep=wanted)
            excerpt = found.excerpt(sr, declared_s=declared_s, start=int(start_s * sr), duration_s=declared_s)
        else:
            start = stretch.start(int(declared_s * sr), sr)
            found = collect(_ffmpeg_blocks(container, stream, limit=None), sr, keep_from=start, keep=wanted)
            excerpt = found.excerpt(sr, declared_s=declared_s)
        complete = len(found.samples) >= min(wanted, found.total)
        return excerpt if complete and (found.total >= wanted or not stretch.seeks(declared_s)) else None


def _declared_seconds(container: InputContainer, stream: AudioStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1_000_000


def _ffmpeg_blocks(container: InputContainer, stream: AudioStream, *, limit: int | None) -> Iterator[np.ndarray]:
    """float32 (n, channels); packets that are damaged are passed over, as players do."""
    held: list[np.ndarray] = []
    holding, left = 0, limit if limit is not None else 1 << 62
    for channels in _ffmpeg_frames(container, stream):
        if held and (holding >= BLOCK_FRAMES or len(held[0]) != len(channels)):
            yield _joined(held)
            held, holding = [], 0
        held.append(channels[:, :left])
        holding += held[-1].shape[1]
        left -= held[-1].shape[1]
        if left <= 0:
            break
    if held:
        yield _joined(held)


def _joined(pieces: list[np.ndarray]) -> np.ndarray:
    return np.ascontiguousarray(np.concatenate(pieces, axis=1).T)


def _ffmpeg_frames(container: InputContainer, stream: AudioStream) -> Iterator[np.ndarray]:
    for packet in _packets(container, stream):
        try:
            frames = cast(list[av.AudioFrame], packet.decode())
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            yield _channels(frame)


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
