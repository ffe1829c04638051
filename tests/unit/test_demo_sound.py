"""What the clips of the demo catalogue sound like, in numbers: one clip of every style."""

from __future__ import annotations

import librosa
import numpy as np
import pytest

from spotistream.demo.catalogue import clip_samples
from spotistream.demo.effects import loudness
from spotistream.demo.genres import STYLES
from spotistream.demo.instruments import INSTRUMENTS
from spotistream.demo.oscillators import Samples
from spotistream.demo.planning import Track, plan_tracks

SR = 44100
TRACKS = {STYLES[track.album.style].name: track for track in plan_tracks(len(STYLES), seed=7)}
NAMES = [style.name for style in STYLES]


@pytest.fixture(scope="module")
def clips() -> dict[str, Samples]:
    return {name: clip_samples(track, sr=SR) for name, track in TRACKS.items()}


def _mono(clip: Samples) -> Samples:
    return librosa.resample(clip.mean(axis=1), orig_sr=SR, target_sr=SR // 2, res_type="polyphase")


def _onsets_per_second(clip: Samples) -> float:
    mono = _mono(clip)
    return len(librosa.onset.onset_detect(y=mono, sr=SR // 2)) / (len(mono) / (SR // 2))


def _centroid(clip: Samples) -> float:
    return float(librosa.feature.spectral_centroid(y=_mono(clip), sr=SR // 2).mean())


def test_there_are_at_least_twelve_styles() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_clip_is_whole_and_clean(clips: dict[str, Samples], name: str) -> None:
    clip = clips[name]
    assert clip.dtype == np.float32
    assert clip.shape[1] == 2
    assert 20 <= len(clip) / SR <= 30
    assert np.isfinite(clip).all()
    assert 0.2 < np.abs(clip).max() <= 0.85
    assert np.abs(clip.mean(axis=0)).max() < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_clip_has_no_gap_and_ends_in_silence(clips: dict[str, Samples], name: str) -> None:
    seconds = clips[name][: 18 * SR].reshape(-1, SR * 2)
    assert np.sqrt((seconds**2).mean(axis=1)).min() > 0.003
    assert np.abs(clips[name][-50:]).max() < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_clip_meets_its_loudness(clips: dict[str, Samples], name: str) -> None:
    wanted = next(style.loudness for style in STYLES if style.name == name)
    assert loudness(np.ascontiguousarray(clips[name].T), sr=SR) == pytest.approx(wanted, abs=1.0)


@pytest.mark.parametrize("name", NAMES)
def test_clip_is_stereo_but_survives_mono(clips: dict[str, Samples], name: str) -> None:
    left, right = clips[name].T
    middle, side = np.sqrt(((left + right) ** 2).mean()), np.sqrt(((left - right) ** 2).mean())
    assert 0.02 < side / middle < 1.3


@pytest.mark.parametrize("name", ["House", "Techno", "Synthwave"])
def test_beat_tracker_finds_the_tempo(clips: dict[str, Samples], name: str) -> None:
    track = TRACKS[name]
    slow, fast = track.album.voice.bpm
    tempo = float(np.atleast_1d(librosa.feature.tempo(y=_mono(clips[name]), sr=SR // 2))[0])
    assert slow * 0.97 <= tempo <= fast * 1.03


def test_drum_and_bass_is_busier_than_ambient(clips: dict[str, Samples]) -> None:
    assert _onsets_per_second(clips["Drum & Bass"]) > 2 * _onsets_per_second(clips["Ambient"])


def test_chiptune_is_brighter_than_piano_and_piano_than_ambient(clips: dict[str, Samples]) -> None:
    chip, piano, ambient = (_centroid(clips[name]) for name in ("Chiptune", "Classical Piano", "Ambient"))
    assert chip > 1.5 * piano
    assert piano > ambient


def test_techno_has_more_low_end_than_folk(clips: dict[str, Samples]) -> None:
    def low_share(clip: Samples) -> float:
        power = np.abs(np.fft.rfft(clip.mean(axis=1))) ** 2
        return float(power[: int(150 * len(clip) / SR)].sum() / power.sum())

    assert low_share(clips["Techno"]) > 2 * low_share(clips["Folk"])


def test_song_is_not_one_loop(clips: dict[str, Samples]) -> None:
    for name, clip in clips.items():
        thirds = [np.abs(np.fft.rfft(part.mean(axis=1)))[:60000] for part in np.array_split(clip[: 18 * SR], 3)]
        alike = np.corrcoef([part[:50000] for part in thirds])
        assert alike[np.triu_indices(3, 1)].min() < 0.9, name


def test_same_track_same_samples() -> None:
    track: Track = TRACKS["Chiptune"]
    np.testing.assert_array_equal(clip_samples(track, sr=SR), clip_samples(track, sr=SR))


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
def test_instrument_plays_the_pitch_it_is_asked_for(name: str) -> None:
    freq = 110.0 if "bass" in name else 330.0
    note = INSTRUMENTS[name](freq, 1.0, SR, 0.6)
    mono = note.mean(axis=0) if note.ndim == 2 else note
    assert note.dtype == np.float32
    power = np.abs(np.fft.rfft(mono[: SR // 2] * np.hanning(SR // 2)))
    octaves = np.log2(np.argmax(power) * 2 / freq)
    # The loudest partial is a harmonic or the sub-octave, in tune within 20 cents.
    nearest = np.log2(np.array([0.5, 1, 2, 3, 4, 5, 6]))
    assert np.abs(octaves - nearest).min() < 20 / 1200
