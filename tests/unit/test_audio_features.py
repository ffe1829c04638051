"""Features: equal to librosa's own functions, known answers, never anything but numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import librosa
import numpy as np
import pytest
import scipy.stats
from audio_fixtures import SR, sine

from spotistream.audio.decode import Clip, decode
from spotistream.audio.features import Features, features
from spotistream.audio.spec import EXTENDED, FAST, FMA_OFFICIAL, FULL, FeatureSpec
from spotistream.errors import ConfigError

pytestmark = [
    pytest.mark.filterwarnings("ignore:Precision loss occurred"),  # scipy, of rows that hardly change
    pytest.mark.filterwarnings("ignore:n_fft=.* is too large"),  # librosa, of the lowest octaves of a short sound
]
CONSTANT = {"kurtosis": -3.0, "skew": 0.0}  # of a row that never changes; scipy gives no number
REFERENCE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "kurtosis": lambda rows: scipy.stats.kurtosis(rows, axis=1),
    "max": lambda rows: rows.max(axis=1),
    "mean": lambda rows: rows.mean(axis=1),
    "median": lambda rows: np.median(rows, axis=1),
    "min": lambda rows: rows.min(axis=1),
    "skew": lambda rows: scipy.stats.skew(rows, axis=1),
    "std": lambda rows: rows.std(axis=1),
}
FLOOR = {"mfcc": 1e-4}  # of numbers up to 1,000 that librosa, too, computes in float32; 1e-5 for all others


def described(samples: np.ndarray, *, spec: FeatureSpec) -> Features:
    return features(Clip(samples, SR, len(samples) / SR), spec=spec)


def by_name(samples: np.ndarray, *, spec: FeatureSpec) -> dict[str, float]:
    return dict(zip(spec.names, described(samples, spec=spec).vector.tolist(), strict=True))


def by_librosa(y: np.ndarray) -> dict[str, np.ndarray]:
    """Each descriptor by librosa's function of that name, as FMA's script calls them: (rows, t)."""
    s = np.abs(librosa.stft(y, n_fft=2048, hop_length=512))
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=s**2, sr=SR))
    notes = np.abs(librosa.cqt(y, sr=SR, hop_length=512, bins_per_octave=12, n_bins=84, tuning=0.0))
    chroma = {"C": notes, "n_chroma": 12, "n_octaves": 7, "bins_per_octave": 12}
    cens = librosa.feature.chroma_cens(**chroma)
    return {
        "chroma_cens": cens,
        "chroma_cqt": librosa.feature.chroma_cqt(**chroma),
        "chroma_stft": librosa.feature.chroma_stft(S=s**2, sr=SR, n_chroma=12, tuning=0.0),
        "mel": mel,
        "mfcc": librosa.feature.mfcc(S=mel, n_mfcc=20),
        "rmse": librosa.feature.rms(S=s),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(S=s, sr=SR),
        "spectral_centroid": librosa.feature.spectral_centroid(S=s, sr=SR),
        "spectral_contrast": librosa.feature.spectral_contrast(S=s, sr=SR, n_bands=6),
        "spectral_rolloff": librosa.feature.spectral_rolloff(S=s, sr=SR),
        "tonnetz": librosa.feature.tonnetz(chroma=cens),
        "zcr": librosa.feature.zero_crossing_rate(y, frame_length=2048, hop_length=512),
    }


def assert_equals_librosa(samples: np.ndarray) -> None:
    """All 1,415 numbers of the extended preset, of which those of the other presets are some."""
    ours = by_name(samples, spec=EXTENDED)
    for name, values in by_librosa(samples).items():
        for statistic, function in REFERENCE.items():
            expected = np.nan_to_num(function(values.astype(np.float64)), nan=CONSTANT.get(statistic, np.nan))
            vector = [ours[f"{name}.{statistic}.{row:02d}"] for row in range(1, len(values) + 1)]
            floor, said = FLOOR.get(name, 1e-5), f"{name}.{statistic}"
            np.testing.assert_allclose(vector, expected, rtol=1e-4, atol=floor, err_msg=said)
    assert ours["tempo"] == pytest.approx(librosa.feature.tempo(y=samples, sr=SR)[0], rel=1e-4)


def test_equal_to_librosa_on_a_chord_with_noise() -> None:
    noise = np.random.default_rng(3).normal(0, 0.01, 5 * SR).astype(np.float32)
    assert_equals_librosa(sum((sine(f, seconds=5, amplitude=0.2) for f in (220, 277.2, 329.6)), noise))


@pytest.mark.parametrize("samples", [700, SR, SR + 1, 3 * SR - 511], ids=str)
def test_equal_to_librosa_whatever_the_length(samples: int) -> None:
    sound = np.random.default_rng(samples).normal(0, 0.1, max(samples, 2048)).astype(np.float32)
    sound[samples:] = 0.0
    assert_equals_librosa(sound)


@pytest.mark.parametrize(
    "name",
    [
        "fma/000002.mp3",
        "kevin-macleod-ccby/Gold Rush.mp3",
        "openclonk-kpone-ccby/UrbanBolero.ogg",
        "tannerhelland-ccby/Leaving Millie (live piano).mp3",
        "librosa-data/Kevin_MacLeod_-_Vibe_Ace.ogg",
        "librosa-data/3436-172162-0000.ogg",
    ],
)
def test_equal_to_librosa_on_music_and_speech(shared_data: Path, name: str) -> None:
    clip = decode(shared_data / "audio" / name, sr=SR, max_seconds=30, min_seconds=0.5, max_file_mb=100)
    assert_equals_librosa(clip.samples)


def test_all_presets_give_the_same_numbers_under_the_same_names() -> None:
    sound = np.random.default_rng(5).normal(0, 0.1, 3 * SR).astype(np.float32)
    extended = by_name(sound, spec=EXTENDED)
    for spec in (FAST, FULL):
        ours = by_name(sound, spec=spec)
        assert ours == {name: extended[name] for name in ours}


def test_a_sine_has_the_features_of_a_sine() -> None:
    ours = by_name(sine(440, seconds=4), spec=FULL)
    assert ours["spectral_centroid.mean.01"] == pytest.approx(440, rel=0.02)
    assert ours["zcr.mean.01"] == pytest.approx(2 * 440 / SR, rel=0.02)
    for chroma in ("chroma_stft", "chroma_cqt", "chroma_cens"):
        assert int(np.argmax([ours[f"{chroma}.median.{row:02d}"] for row in range(1, 13)])) == 9  # A, counted from C


def test_scalars_of_a_sine() -> None:
    found = described(sine(1000, seconds=4, amplitude=0.4), spec=FAST)
    assert found.brightness == pytest.approx(1000, rel=0.02)
    assert found.energy == pytest.approx(0.4 / np.sqrt(2), rel=0.03)


def test_clicks_twice_a_second_are_120_beats_a_minute() -> None:
    clicks = librosa.clicks(times=np.arange(0, 10, 0.5), sr=SR, length=10 * SR).astype(np.float32)
    assert described(clicks, spec=FAST).tempo == pytest.approx(120, rel=0.03)


def test_the_mel_spectrogram_comes_along() -> None:
    sound = sine(440, seconds=4)
    expected = librosa.power_to_db(librosa.feature.melspectrogram(y=sound, sr=SR))
    found = described(sound, spec=FAST).mel_db
    assert (found.shape, found.dtype) == ((128, 173), np.float32)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("spec", [FAST, FULL, EXTENDED], ids=lambda spec: spec.preset)
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
def test_a_vector_never_holds_anything_but_numbers(samples: np.ndarray, spec: FeatureSpec) -> None:
    found = described(samples, spec=spec)
    assert (found.vector.dtype, len(found.vector)) == (np.float32, len(spec))
    assert np.isfinite(found.vector).all()
    assert np.isfinite([found.tempo, found.brightness, found.energy]).all()


def test_a_clip_at_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="44100 Hz"):
        features(Clip(sine(440, seconds=1, sr=44_100), 44_100, 1.0), spec=FAST)


def test_what_can_only_be_imported_is_not_extracted() -> None:
    with pytest.raises(ConfigError, match="fma-official-1 can be imported, not extracted"):
        described(sine(440, seconds=1), spec=FMA_OFFICIAL)
