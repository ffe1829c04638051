"""The outline of a sound: its loudest sample in each of 512 equal parts, for drawing it."""

from __future__ import annotations

import numpy as np

from spotistream.audio.compiled import compiled

PARTS = 512
CELLS = 1 << 16
SIGN = np.uint32(0x7FFF_FFFF)


class WaveformMeter:
    """Collects peaks of a sound of unknown length in 2^16 cells; a cell grows to twice its length when they are full.

    A sound of up to 65,536 samples is drawn exactly; the parts of a longer one begin within 1/64 of a part of where
    they should.
    """

    def __init__(self) -> None:
        self._cells = np.zeros(CELLS, dtype=np.uint32)
        self._size, self._frames = 1, 0

    def add(self, block: np.ndarray) -> None:
        """block : float32 (n, channels), C order, the n samples that follow the last block's."""
        while self._frames + len(block) > self._size * CELLS:
            merged = np.maximum(self._cells[::2], self._cells[1::2])
            self._cells[: CELLS // 2], self._cells[CELLS // 2 :] = merged, 0
            self._size *= 2
        _note_peaks(block.reshape(-1).view(np.uint32), block.shape[1], self._cells, self._frames, self._size)
        self._frames += len(block)

    def outline(self) -> bytes:
        """Of each 1/512 of all that was added, the largest absolute sample of any channel: 0 to 255 for 0 to 1."""
        edges = np.arange(PARTS + 1) * (self._frames / PARTS / self._size)
        starts = np.minimum(edges[:-1].astype(np.int64), CELLS - 1)
        ends = np.maximum(np.ceil(edges[1:]).astype(np.int64), starts + 1)
        peaks = [self._cells[start:end].max() for start, end in zip(starts, ends, strict=True)]
        levels = np.minimum(np.nan_to_num(np.array(peaks, dtype=np.uint32).view(np.float32), nan=0.0), 1.0)
        return np.rint(levels * 255).astype(np.uint8).tobytes()


@compiled
def _note_peaks(bits: np.ndarray, channels: int, cells: np.ndarray, frames: int, size: int) -> None:
    """The bits of a float without its sign are in the order of its size, and whole numbers compare many at a time."""
    begin, index = 0, frames // size
    end = min((size - frames % size) * channels, len(bits))
    while begin < len(bits):
        peak, part = cells[index], bits[begin:end]
        for i in range(len(part)):
            value = part[i] & SIGN
            peak = value if value > peak else peak
        cells[index] = peak
        begin, end, index = end, min(end + size * channels, len(bits)), index + 1
