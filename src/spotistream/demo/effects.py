"""Studio effects on stereo float32 (2, n): reverb, echo, ducking, filters, loudness, limiting. sr in Hz."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from spotistream.demo.oscillators import Samples

CEILING = 0.8


@lru_cache(maxsize=8)
def room_response(seconds: float, sr: int) -> Samples:
    """Impulse response of a room, float32 (2, n): noise that decays by 60 dB in ``seconds``, the highs sooner."""
    n = int(seconds * sr)
    rng = np.random.default_rng(101)
    t = np.arange(n, dtype=np.float32) / np.float32(sr)
    white = rng.standard_normal((2, n), dtype=np.float32)
    dark = sosfilt(butter(1, 1800, fs=sr, output="sos"), white, axis=1).astype(np.float32)
    response = 0.35 * white * np.exp(-6.9 * t / (0.35 * seconds)) + 1.6 * dark * np.exp(-6.9 * t / seconds)
    response[:, : int(0.004 * sr)] = 0
    response = sosfilt(butter(1, 180, "highpass", fs=sr, output="sos"), response, axis=1)
    response = (response / np.sqrt(np.sum(response**2, axis=1, keepdims=True))).astype(np.float32)
    response.setflags(write=False)
    return response


def reverb(send: Samples, *, seconds: float, sr: int) -> Samples:
    """The room's answer to a mono send (n,): (2, n), by overlap-add in single precision."""
    response = room_response(round(seconds, 2), sr)
    n, size = send.shape[0], 1 << int(np.ceil(np.log2(2 * response.shape[1])))
    step = size - response.shape[1]
    count = -(-n // step)
    blocks = np.zeros((count, size), dtype=np.float32)
    padded = np.zeros(count * step, dtype=np.float32)
    padded[:n] = send
    blocks[:, :step] = padded.reshape(count, step)
    spectra = scipy.fft.rfft(blocks, axis=1)
    wet = np.zeros((2, count * step + size), dtype=np.float32)
    for side in range(2):
        shaped = scipy.fft.irfft(spectra * scipy.fft.rfft(response[side], size), size, axis=1)
        for i in range(count):
            wet[side, i * step : i * step + size] += shaped[i]
    return wet[:, :n]


def echo(send: Samples, *, seconds: float, sr: int) -> Samples:
    """Four repeats of a mono send (n,) that bounce between the sides and darken: (2, n)."""
    n, delay = send.shape[0], int(seconds * sr)
    wet = np.zeros((2, n), dtype=np.float32)
    repeat = send
    for turn in range(1, 5):
        repeat = 0.5 * (repeat[1:] + repeat[:-1])
        start = turn * delay
        if start >= n:
            break
        length = min(n - start, repeat.shape[0])
        wet[turn % 2, start : start + length] += np.float32(0.55**turn) * repeat[:length]
    return wet


def duck_envelope(n: int, times: NDArray[np.float64], *, depth: float, sr: int) -> Samples:
    """Gain (n,) that falls to 1 - depth at each time, s, and recovers within a quarter of a second."""
    gain = np.ones(n, dtype=np.float32)
    length = int(0.26 * sr)
    curve = (1 - depth * (0.5 + 0.5 * np.cos(np.linspace(0, np.pi, length)))).astype(np.float32)
    for time in np.sort(times):
        start = int(time * sr)
        stop = min(n, start + length)
        gain[start:stop] = curve[: max(0, stop - start)]
    return np.convolve(gain, np.ones(64, dtype=np.float32) / 64, mode="same").astype(np.float32)


def low_passed(bus: Samples, *, cutoff: float, sr: int) -> Samples:
    """Second-order Butterworth low-pass; cutoff : Hz."""
    return sosfilt(butter(2, cutoff, fs=sr, output="sos").astype(np.float32), bus, axis=-1)


def opened(bus: Samples, openness: Samples, *, sr: int) -> Samples:
    """A low-pass that opens: openness (n,) from 0, closed at 600 Hz, to 1, untouched."""
    closed = low_passed(bus, cutoff=600, sr=sr)
    return closed + openness * (bus - closed)


def overdriven(bus: Samples, *, amount: float, sr: int) -> Samples:
    """Soft distortion of a bus whose loud part has RMS near 0.3, and the loudspeaker that tames it."""
    return low_passed(np.tanh(amount * bus), cutoff=4800, sr=sr)


def without_dc(bus: Samples, *, sr: int) -> Samples:
    """First-order high-pass at 25 Hz."""
    return sosfilt(butter(1, 25, "highpass", fs=sr, output="sos").astype(np.float32), bus, axis=-1)


def mono_of(bus: Samples) -> Samples:
    """The mean of the two sides, (n,)."""
    return np.float32(0.5) * (bus[0] + bus[1])


def busy_rms(bus: Samples, *, sr: int) -> float:
    """RMS of a bus where it plays: the mean of the loudest third of its tenths of a second, 0 for silence."""
    mono = mono_of(bus)
    span = sr // 10
    frames = mono[: mono.shape[0] // span * span].reshape(-1, span)[:, ::3]
    energies = np.sort(np.mean(frames**2, axis=1))[::-1]
    return float(np.sqrt(energies[: max(1, len(energies) // 3)].mean()))


def loudness(bus: Samples, *, sr: int) -> float:
    """Loudness, dB, near LUFS: the K curve of ITU-R BS.1770 applied to the spectrum, both sides summed, no gate."""
    size = 4096
    frames = bus[:, : bus.shape[1] // size * size].reshape(2, -1, size)[:, ::2]
    power = np.mean(np.abs(scipy.fft.rfft(frames, axis=2)) ** 2, axis=1).sum(axis=0)
    hz = np.fft.rfftfreq(size, 1 / sr)
    low_cut = hz**4 / (hz**4 + 60.0**4)
    shelf = 1 + 1.5 / (1 + (1500.0 / np.maximum(hz, 1)) ** 4)
    return float(-0.69 + 10 * np.log10(max(1e-12, 2 * float((power * low_cut * shelf).sum()) / size**2)))


def limited(bus: Samples) -> Samples:
    """Peaks above 0.6 bent towards ``CEILING``, never over it."""
    knee = np.float32(0.6)
    room = np.float32(CEILING) - knee
    level = np.abs(bus)
    loud = level > knee
    bent = bus.copy()
    bent[loud] = np.sign(bus[loud]) * (knee + room * np.tanh((level[loud] - knee) / room))
    return bent
