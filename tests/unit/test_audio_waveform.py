"""The outline of a sound in 512 parts."""

from __future__ import annotations

import numpy as np
import pytest

from spotistream.audio.waveform import WaveformMeter


def outline(samples: np.ndarray, *, block: int = 1 << 16) -> list[int]:
    """samples : (n, channels)"""
    meter = WaveformMeter()
    for begin in range(0, len(samples), block):
        meter.add(np.ascontiguousarray(samples[begin : begin + block], dtype=np.float32))
    return list(meter.outline())


def exact(samples: np.ndarray) -> list[int]:
    peaks = [np.abs(part).max() for part in np.split(samples.astype(np.float32), 512)]
    return [round(float(peak) * 255) for peak in peaks]


def test_each_part_has_its_loudest_sample_of_any_channel() -> None:
    sound = np.random.default_rng(1).uniform(-0.7, 0.7, (51_200, 2))
    assert outline(sound) == outline(sound, block=777) == exact(sound)


def test_a_long_sound_that_grows_is_drawn_in_its_place() -> None:
    level = np.repeat(np.arange(512) % 256, 4_096) / 255
    assert outline(level[:, np.newaxis]) == [number % 256 for number in range(512)]


def test_where_the_parts_of_a_long_sound_begin_is_off_by_little() -> None:
    sound = np.zeros((3_000_001, 1))
    sound[1_500_000] = -1.0
    assert [part for part, level in enumerate(outline(sound)) if level] in ([255], [256], [255, 256])


@pytest.mark.parametrize(("samples", "expected"), [(1, [255] * 512), (2, [255] * 256 + [128] * 256)])
def test_fewer_samples_than_parts(samples: int, expected: list[int]) -> None:
    assert outline(np.array([[-1.0], [0.5]])[:samples]) == expected


def test_beyond_full_scale_silence_nothing_and_no_number() -> None:
    assert outline(np.full((512, 1), -3.0)) == [255] * 512
    assert outline(np.zeros((512, 2))) == outline(np.zeros((0, 2))) == [0] * 512
    assert outline(np.full((512, 1), np.nan)) == [0] * 512
