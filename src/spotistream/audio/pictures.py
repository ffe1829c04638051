"""A mel spectrogram as a small picture: time to the right, low frequencies at the bottom, loud is bright."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image

WIDTH = 480
RANGE_DB = 70.0
"""What lies further below the loudest place than this is as dark as silence, dB."""
QUALITY = 30
METHOD = 2
"""Of the WebP encoder, 0 to 6: more is slower and smaller."""
COLOURS = 256

LIGHTNESS = (0.16, 0.97)
"""Oklab lightness of silence and of the loudest place; it grows evenly between them, so that brightness tells the level
without its colour."""
CHROMA = (0.035, 0.13, 0.19, 0.16, 0.055)
HUE = (300.0, 325.0, 370.0, 415.0, 445.0)
"""Colourfulness and hue in degrees at even steps of the scale: night violet, magenta, coral, amber, cream."""

_OKLAB_TO_LMS = np.array(
    [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


def spectrogram_picture(mel_db: np.ndarray) -> bytes:
    """A WebP of ``WIDTH`` by as many pixels as there are bands; the same bytes for the same values.

    mel_db : float (bands, t), dB, from the lowest band to the highest; finite. A moment of the picture is the mean of
        the moments it stands for; a clip of fewer moments than pixels is drawn in steps.

    Raises ValueError without bands or moments.
    """
    if mel_db.ndim != 2 or 0 in mel_db.shape:
        raise ValueError(f"a mel spectrogram has bands and moments, not the shape {mel_db.shape}")
    levels = pooled(mel_db, WIDTH)
    share = np.clip((levels - levels.max()) / RANGE_DB + 1, 0, 1)
    pixels = palette()[np.rint(share[::-1] * (COLOURS - 1)).astype(np.uint8)]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=QUALITY, method=METHOD)
    return file.getvalue()


def pooled(values: np.ndarray, width: int) -> np.ndarray:
    """Means over ``width`` even stretches of time: float32 (rows, width) of float (rows, t)."""
    moments = values.shape[1]
    starts = np.arange(width) * moments // width
    if moments <= width:
        return values[:, starts].astype(np.float32)
    sums = np.add.reduceat(values, starts, axis=1, dtype=np.float32)
    return sums / np.diff(starts, append=moments).astype(np.float32)


@lru_cache(maxsize=1)
def palette() -> np.ndarray:
    """Colours from dark to bright: uint8 (256, 3), sRGB. Oklab by Ottosson (2020)."""
    steps = np.linspace(0, 1, COLOURS)
    anchors = np.linspace(0, 1, len(HUE))
    hue, chroma = np.radians(np.interp(steps, anchors, HUE)), np.interp(steps, anchors, CHROMA)
    lightness = LIGHTNESS[0] + (LIGHTNESS[1] - LIGHTNESS[0]) * steps
    oklab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])
    linear = np.clip(_LMS_TO_RGB @ (_OKLAB_TO_LMS @ oklab) ** 3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    colours = np.rint(encoded.T * 255).astype(np.uint8)
    colours.flags.writeable = False
    return colours
