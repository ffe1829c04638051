"""What a process that analyses many files does once, before the first."""

from __future__ import annotations

import ctypes
import sys

import numpy as np

from spotistream.audio.decode import Clip
from spotistream.audio.excerpt import collect
from spotistream.audio.features import features
from spotistream.audio.spec import EXTENDED, FeatureSpec

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_BYTES, LARGEST_KEPT_BYTES = 256 << 20, 32 << 20


def warm_up(spec: FeatureSpec) -> None:
    """Keep memory, compile or load every loop, make every bank of filters that a file of this spec needs."""
    keep_memory()
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (spec.sr, 2)).astype(np.float32)
    found = collect(iter([noise]), spec.sr, keep_from=0, keep=spec.sr)
    features(Clip(found.samples, spec.sr, duration_s=1.0), spec=spec)


def keep_memory() -> bool:
    """Let this process keep up to 256 MB that it has freed; False where the C library knows no such setting.

    glibc gives arrays of megabytes back as soon as they are freed, and the system clears each page anew when the next
    file asks for the same: 14,000 pages and a fifth of the time of a 30 s clip.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all((mallopt(M_TRIM_THRESHOLD, KEPT_BYTES), mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)))


if __name__ == "__main__":  # scripts/setup: librosa and our loops are compiled before the first file asks for them
    warm_up(EXTENDED)
