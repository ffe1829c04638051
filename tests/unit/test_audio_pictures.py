"""Spectrograms as small pictures."""

from __future__ import annotations

import io
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from PIL import Image

from spotistream.audio.pictures import RANGE_DB, WIDTH, palette, pooled, spectrogram_picture

BANDS = 128
RATE_HZ = 22_050


def pixels(picture: bytes) -> np.ndarray:
    """int (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def mel_db_of(samples: np.ndarray) -> np.ndarray:
    power = librosa.feature.melspectrogram(y=samples, sr=RATE_HZ, n_fft=2_048, hop_length=512)
    return librosa.power_to_db(power)


def test_a_low_tone_is_a_bright_line_at_the_bottom() -> None:
    levels = np.full((BANDS, 900), -100.0, dtype=np.float32)
    levels[:16] = 0.0
    shown = pixels(spectrogram_picture(levels))
    assert shown.shape == (BANDS, WIDTH, 3)
    assert np.abs(shown[-8:].mean(axis=(0, 1)) - palette()[-1]).max() < 12
    assert np.abs(shown[:64].mean(axis=(0, 1)) - palette()[0]).max() < 12


def test_time_runs_from_left_to_right_in_a_clip_of_fewer_moments_than_pixels() -> None:
    levels = np.full((BANDS, 3), -100.0, dtype=np.float32)
    levels[:, 2] = 0.0
    brightness = pixels(spectrogram_picture(levels)).mean(axis=(0, 2))
    third = WIDTH // 3
    assert brightness[2 * third + 4 :].min() > 3 * brightness[: 2 * third - 4].max()


def test_a_moment_of_the_picture_is_the_mean_of_those_it_stands_for() -> None:
    assert pooled(np.array([[1.0, 3.0, 5.0, 5.0, 8.0]]), 2).tolist() == [[2.0, 6.0]]
    assert pooled(np.array([[1.0, 3.0]]), 4).tolist() == [[1.0, 1.0, 3.0, 3.0]]


def test_levels_below_the_range_are_as_dark_as_silence() -> None:
    levels = np.zeros((2, WIDTH), dtype=np.float32)
    levels[1] = -RANGE_DB
    below = levels.copy()
    below[1] = -10 * RANGE_DB
    assert spectrogram_picture(levels) == spectrogram_picture(below)


def test_each_colour_is_lighter_than_the_one_before() -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    colours = palette() / 255
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    steps = np.diff(linear @ weights)
    assert steps.min() > -1e-3, "no step back but for rounding to 8 bits"
    assert np.diff((linear @ weights)[::8]).min() > 0


@pytest.mark.parametrize("shape", [(0, 5), (128, 0), (128,)])
def test_nothing_to_draw_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="has bands and moments"):
        spectrogram_picture(np.zeros(shape, dtype=np.float32))


def test_pictures_of_real_music_are_small_and_the_same_each_time(shared_data: Path) -> None:
    files = sorted((shared_data / "audio" / "openclonk-kpone-ccby").glob("*.ogg"))[:3]
    assert len(files) == 3
    for file in files:
        stereo, rate = soundfile.read(file, frames=60 * 44_100, dtype="float32")
        mel_db = mel_db_of(librosa.resample(stereo.mean(axis=1), orig_sr=rate, target_sr=RATE_HZ, res_type="soxr_qq"))
        picture = spectrogram_picture(mel_db)
        assert picture == spectrogram_picture(mel_db)
        assert len(picture) < 12_000
        assert pixels(picture).std() > 20, "it shows something"
