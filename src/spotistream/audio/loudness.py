"""Integrated loudness by ITU-R BS.1770-4, the programme being handed over block by block."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from spotistream.audio.compiled import compiled

LOWEST_RATE_HZ = 4_000
"""Below, the weighting filter's shelf lies beyond what the samples can hold."""
STEPS_PER_SECOND = 10
STEPS_PER_BLOCK = 4
"""Blocks of 400 ms, a new one every 100 ms."""
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OFFSET_LUFS = -0.691
SIDE = 1.41
CHANNEL_WEIGHTS: dict[int, tuple[float, ...]] = {
    4: (1, 1, SIDE, SIDE),
    5: (1, 1, 1, SIDE, SIDE),
    6: (1, 1, 1, 0, SIDE, SIDE),
    7: (1, 1, 1, 0, 1, SIDE, SIDE),
    8: (1, 1, 1, 0, 1, 1, SIDE, SIDE),
}
"""By number of channels, in the order of WAVE files; the low-frequency channel counts nothing, side channels 1.5 dB
more, all others (and all channels of any other number) 1."""
STATE = 6


class LoudnessMeter:
    """Collects the energy of a programme; holds ten numbers for each second of it.

    sr : int, Hz
    channels : int
    """

    def __init__(self, sr: int, channels: int) -> None:
        self._step = max(1, (sr + STEPS_PER_SECOND // 2) // STEPS_PER_SECOND)
        self._coefficients = k_weighting(sr) if sr >= LOWEST_RATE_HZ else None
        self._open, self._filled = 0.0, 0
        self._energies: list[np.ndarray] = []
        self.change_channels(channels)

    def change_channels(self, channels: int) -> None:
        """The blocks that follow have so many channels."""
        self._weights = np.array(CHANNEL_WEIGHTS.get(channels, (1.0,) * channels), dtype=np.float64)
        self._state = np.zeros((channels, STATE))

    def add(self, block: np.ndarray) -> None:
        """block : float32 (n, channels), C order, the n samples that follow the last block's."""
        if self._coefficients is None:
            return
        energies = np.zeros((self._filled + len(block)) // self._step + 1)
        energies[0] = self._open
        _accumulate(
            block, self._coefficients, self._weights, self._state, energies, self._step - self._filled, self._step
        )
        self._open, self._filled = float(energies[-1]), (self._filled + len(block)) % self._step
        self._energies.append(energies[:-1] / self._step)
        if not np.isfinite(self._state).all():  # a sample that is no number must not silence all that follow
            self._state[:], self._open = 0.0, 0.0

    def integrated(self) -> float | None:
        """LUFS over all that was added; None where every block is below the gate or there is none."""
        energies = np.concatenate([*self._energies, np.empty(0)])
        return integrated_loudness(energies[np.isfinite(energies)])


def integrated_loudness(energies: np.ndarray | Sequence[float]) -> float | None:
    """LUFS from the weighted energy of each 100 ms: the two gates of BS.1770-4; None where nothing passes them."""
    if len(energies) < STEPS_PER_BLOCK:
        return None
    blocks = np.convolve(energies, np.full(STEPS_PER_BLOCK, 1 / STEPS_PER_BLOCK), mode="valid")
    loud = blocks[blocks > _energy(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return None
    gated = loud[loud > loud.mean() * 10 ** (RELATIVE_GATE_LU / 10)]
    return float(OFFSET_LUFS + 10 * np.log10(gated.mean()))


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET_LUFS) / 10))


def k_weighting(sr: int) -> np.ndarray:
    """The two filters of BS.1770 at any rate: b0 b1 b2 a1 a2 of the shelf, a1 a2 of the high pass: float64 (7,).

    The standard lists them at 48 kHz; these are the analogue filters behind them, as De Man (2014) found them.
    The high pass has b = 1, -2, 1.
    """
    k, q = math.tan(math.pi * 1681.974450955533 / sr), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
        2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0,
    ]  # fmt: skip
    k, q = math.tan(math.pi * 38.13547087602444 / sr), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return np.array([*shelf, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0])


@compiled
def _accumulate(
    block: np.ndarray, coefficients: np.ndarray, weights: np.ndarray, state: np.ndarray, energies: np.ndarray,
    first: int, step: int,
) -> None:  # fmt: skip
    """Add the weighted squares of the filtered block to ``energies``; ``first`` samples complete the first of them.

    Two channels at a time: a filter waits for its own last value, and two of them wait together. The order of the
    sums keeps that wait to one multiplication.
    """
    b0, b1, b2, a1, a2, c1, c2 = coefficients
    channels = block.shape[1]
    for left in range(0, channels, 2):
        right = min(left + 1, channels - 1)
        weight, other = weights[left], weights[right] if right > left else 0.0
        x1, x2, y1, y2, z1, z2 = state[left]
        u1, u2, v1, v2, w1, w2 = state[right]
        begin, end, index = 0, min(first, len(block)), 0
        while begin < len(block):
            total = 0.0
            for i in range(begin, end):
                x, u = np.float64(block[i, left]), np.float64(block[i, right])
                y = ((b0 * x + (b1 * x1 + b2 * x2)) - a2 * y2) - a1 * y1
                v = ((b0 * u + (b1 * u1 + b2 * u2)) - a2 * v2) - a1 * v1
                z = ((y + (y2 - 2.0 * y1)) - c2 * z2) - c1 * z1
                w = ((v + (v2 - 2.0 * v1)) - c2 * w2) - c1 * w1
                x2, x1, y2, y1, z2, z1 = x1, x, y1, y, z1, z
                u2, u1, v2, v1, w2, w1 = u1, u, v1, v, w1, w
                total += weight * z * z + other * w * w
            energies[index] += total
            begin, end, index = end, min(end + step, len(block)), index + 1
        state[left, 0], state[left, 1], state[left, 2] = x1, x2, y1
        state[left, 3], state[left, 4], state[left, 5] = y2, z1, z2
        if right > left:
            state[right, 0], state[right, 1], state[right, 2] = u1, u2, v1
            state[right, 3], state[right, 4], state[right, 5] = v2, w1, w2
