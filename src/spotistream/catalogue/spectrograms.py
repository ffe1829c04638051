"""Pictures of mel spectrograms on disk: one for each file's bytes, in folders of the first two digits of its hash."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from spotistream.audio.pictures import spectrogram_picture


def store_spectrogram(mel_db: np.ndarray, *, content_hash: str, folder: Path) -> Path:
    """Draw a spectrogram (128, t) dB as ``folder/ab/<hash>.webp`` and return where it is.

    A concurrent reader never sees half of it. Raises OSError where the folder cannot be written.
    """
    target = folder / content_hash[:2] / f"{content_hash[:32]}.webp"
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_bytes(spectrogram_picture(mel_db))
    temporary.replace(target)
    return target
