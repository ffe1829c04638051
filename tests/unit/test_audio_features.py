"""Features: equal to librosa's own functions, known answers, never anything but numbers."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest
from audio_fixtures import SR, sine

from spotistream.audio.decode import Clip, decode
from spotistream.audio.features import features
from spotistream.audio.spec import DESCRIPTOR_SIZES, FAST, spec_of
from spotistream.errors import ConfigError


def described(samples: np.ndarray) -> dict[str, float]:
    found = features(Clip(samples, SR, len(samples) / SR), spec=FAST)
    return dict(zip(FAST.names, found.vector.tolist(), strict=True))


def by_librosa(y: np.ndarray) -> dict[str, np.ndarray]:
    """Each descriptor by librosa's function of that name, as FMA's script calls them: (rows, t)."""
    s = np.abs(librosa.stft(y))
    mel = librosa.feature.melspectrogram(S=s**2, sr=SR)
    return {
        "mfcc": librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20),
        "spectral_contrast": librosa.feature.spectral_contrast(S=s, sr=SR, n_bands=6),
        "spectral_centroid": librosa.feature.spectral_centroid(S=s, sr=SR),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(S=s, sr=SR),
        "spectral_rolloff": librosa.feature.spectral_rolloff(S=s, sr=SR),
        "rmse": librosa.feature.rms(S=s),
        "zcr": librosa.feature.zero_crossing_rate(y),
        "chroma_stft": librosa.feature.chroma_stft(S=s**2, sr=SR, tuning=0.0),
    }


def assert_equals_librosa(samples: np.ndarray) -> None:
    ours = described(samples)
    for name, values in by_librosa(samples).items():
        for statistic, over_time in (("mean", values.mean(axis=1)), ("std", values.std(axis=1))):
            vector = [ours[f"{name}.{statistic}.{row + 1:02d}"] for row in range(len(values))]
            np.testing.assert_allclose(vector, over_time, rtol=1e-4, atol=1e-5, err_msg=f"{name}.{statistic}")
    assert ours["tempo"] == pytest.approx(librosa.feature.tempo(y=samples, sr=SR)[0], rel=1e-4)


def test_equal_to_librosa_on_a_chord_with_noise() -> None:
    noise = np.random.default_rng(3).normal(0, 0.01, 5 * SR).astype(np.float32)
    assert_equals_librosa(sum((sine(f, seconds=5, amplitude=0.2) for f in (220, 277.2, 329.6)), noise))


@pytest.mark.parametrize("name", ["fma/000002.mp3", "librosa-data/Kevin_MacLeod_-_Vibe_Ace.ogg"])
def test_equal_to_librosa_on_music(shared_data: Path, name: str) -> None:
    clip = decode(shared_data / "audio" / name, sr=SR, max_seconds=30, min_seconds=0.5, max_file_mb=100)
    assert_equals_librosa(clip.samples)


def test_a_sine_has_the_features_of_a_sine() -> None:
    ours = described(sine(440, seconds=4))
    assert ours["spectral_centroid.mean.01"] == pytest.approx(440, rel=0.02)
    assert ours["zcr.mean.01"] == pytest.approx(2 * 440 / SR, rel=0.02)
    chroma = [ours[f"chroma_stft.mean.{row:02d}"] for row in range(1, 13)]
    assert int(np.argmax(chroma)) == 9  # A, counted from C


def test_scalars_of_a_sine() -> None:
    found = features(Clip(sine(1000, seconds=4, amplitude=0.4), SR, 4.0), spec=FAST)
    assert found.brightness == pytest.approx(1000, rel=0.02)
    assert found.energy == pytest.approx(0.4 / np.sqrt(2), rel=0.03)


def test_clicks_twice_a_second_are_120_beats_a_minute() -> None:
    clicks = librosa.clicks(times=np.arange(0, 10, 0.5), sr=SR, length=10 * SR).astype(np.float32)
    assert features(Clip(clicks, SR, 10.0), spec=FAST).tempo == pytest.approx(120, rel=0.03)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(SR, dtype=np.float32),
        np.ones(SR, dtype=np.float32),
        np.eye(1, SR, 100, dtype=np.float32)[0],
        np.full(SR, 1e-40, dtype=np.float32),
        np.sign(sine(50, seconds=1)),
        sine(440, seconds=0.01),
        np.concatenate([np.zeros(SR, dtype=np.float32), sine(11_000, seconds=1)]),
    ],
    ids=["silence", "constant", "impulse", "denormal", "square", "very short", "half silent"],
)
def test_a_vector_never_holds_anything_but_numbers(samples: np.ndarray) -> None:
    found = features(Clip(samples, SR, 1.0), spec=FAST)
    assert np.isfinite(found.vector).all()
    assert np.isfinite([found.tempo, found.brightness, found.energy]).all()


def test_the_spec_names_every_component() -> None:
    found = features(Clip(sine(440, seconds=1), SR, 1.0), spec=FAST)
    assert FAST.id == "fast-1"
    assert found.vector.dtype == np.float32
    assert len(FAST) == len(FAST.names) == len(set(FAST.names)) == len(found.vector) == 89
    assert FAST.names[:2] == ("mfcc.mean.01", "mfcc.mean.02")
    assert FAST.names[-1] == "tempo"
    assert sum(DESCRIPTOR_SIZES.values()) == 44


def test_a_clip_at_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="44100 Hz"):
        features(Clip(sine(440, seconds=1, sr=44_100), 44_100, 1.0), spec=FAST)


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="known: fast"):
        spec_of("slow")
