"""The large picture of one track."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from PIL import Image

from spotistream.audio.figures import envelope, track_picture

RATE_HZ = 22_050


def picture(kind: str, *, heading: str = "Song · Band", moments: int = 300) -> bytes:
    random = np.random.default_rng(1)
    return track_picture(
        random.uniform(-0.5, 0.5, moments * 512).astype(np.float32),
        random.uniform(-90, -10, (128, moments)).astype(np.float32),
        sr=RATE_HZ,
        start_s=3.0,
        heading=heading,
        facts=("Folk", "90 bpm"),
        kind=kind,
    )


def test_png_is_large_and_the_same_each_time() -> None:
    first = picture("png")
    assert Image.open(io.BytesIO(first)).size == (1920, 1080)
    assert first == picture("png")


def test_svg_is_the_same_each_time_and_holds_no_thousands_of_shapes() -> None:
    first = picture("svg")
    assert first == picture("svg")
    assert first.count(b"<path") < 300


@pytest.mark.parametrize("heading", ["5 $ and $\\frac{1}{2}$ _^", "曲 · عربي", "", "x" * 300])
def test_any_title_is_drawn_without_a_word(heading: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert picture("png", heading=heading)


@pytest.mark.parametrize("moments", [1, 2, 1_601, 5_000])
def test_clips_of_any_length_are_drawn(moments: int) -> None:
    assert picture("png", moments=moments)


def test_envelope_is_the_least_the_greatest_and_the_root_mean_square() -> None:
    low, high, rms = envelope(np.array([1, -1, 0, 0.5, 3, 4], dtype=np.float32), 3)
    assert (low.tolist(), high.tolist()) == ([-1, 0, 3], [1, 0.5, 4])
    assert rms == pytest.approx([1, np.sqrt(0.125), np.sqrt(12.5)])


def test_envelope_of_a_short_clip_has_a_column_for_each_sample() -> None:
    low, high, rms = envelope(np.array([-0.5, 0.25], dtype=np.float32), 1_600)
    assert low.tolist() == high.tolist() == [-0.5, 0.25]
    assert rms.tolist() == [0.5, 0.25]
