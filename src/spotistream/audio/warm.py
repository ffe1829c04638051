"""What a process does once, before its first file."""

from __future__ import annotations

import numpy as np

from spotistream.audio.decode import Clip
from spotistream.audio.excerpt import collect
from spotistream.audio.features import features
from spotistream.audio.spec import FeatureSpec


def warm_up(spec: FeatureSpec) -> None:
    """Compile or load every loop and make every bank of filters that a file of this spec needs."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (spec.sr, 2)).astype(np.float32)
    found = collect(iter([noise]), spec.sr, keep_from=0, keep=spec.sr)
    features(Clip(found.samples, spec.sr, duration_s=1.0), spec=spec)
