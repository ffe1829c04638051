"""Files to clips: what comes out, and a reason for everything that does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from audio_fixtures import SR, encode, sine, write_wav

from spotistream.audio.decode import Clip, decode
from spotistream.errors import DecodeError


def clip_of(path: Path, *, max_seconds: float = 120.0, max_file_mb: float = 10.0) -> Clip:
    return decode(path, sr=SR, max_seconds=max_seconds, min_seconds=0.5, max_file_mb=max_file_mb)


def rejection(path: Path, **limits: float) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        clip_of(path, **limits)
    return caught.value


def peak_hertz(clip: Clip) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(clip.samples)))) * clip.sr / len(clip.samples)


def test_stereo_is_mixed_and_resampled(tmp_path: Path) -> None:
    left, right = sine(440, seconds=2, sr=44_100), np.zeros(88_200, dtype=np.float32)
    clip = clip_of(write_wav(tmp_path / "a.wav", np.stack([left, right], axis=1), sr=44_100))
    assert (clip.sr, clip.samples.dtype, clip.samples.shape) == (SR, np.float32, (2 * SR,))
    assert clip.duration_s == 2.0
    assert peak_hertz(clip) == pytest.approx(440, abs=0.5)
    assert np.abs(clip.samples[1000:-1000]).max() == pytest.approx(0.25, abs=0.01)


def test_a_long_file_gives_its_middle_and_its_whole_duration(tmp_path: Path) -> None:
    parts = [sine(hertz, seconds=4) for hertz in (300, 600, 1200)]
    clip = clip_of(write_wav(tmp_path / "long.wav", np.concatenate(parts)), max_seconds=4)
    assert clip.duration_s == 12.0
    assert len(clip.samples) == 4 * SR
    assert peak_hertz(clip) == pytest.approx(600, abs=0.5)


def test_a_long_file_that_is_silent_in_its_middle_gives_its_beginning(tmp_path: Path) -> None:
    sound = np.concatenate([sine(300, seconds=2), np.zeros(8 * SR, dtype=np.float32), sine(600, seconds=2)])
    clip = clip_of(write_wav(tmp_path / "hidden.wav", sound), max_seconds=2)
    assert peak_hertz(clip) == pytest.approx(300, abs=1)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.m4a", "aac"), ("b.m4a", "alac"), ("a.wma", "wmav2"), ("a.wv", "wavpack"), ("a.tta", "tta"), ("a.mka", "ac3")],
)
def test_what_libsndfile_cannot_read_is_read_by_ffmpeg(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, sine(440, seconds=3, sr=44_100), codec=codec, sr=44_100)
    with pytest.raises(sf.LibsndfileError):
        sf.info(path)
    clip = clip_of(path)
    assert clip.duration_s == pytest.approx(3.0, abs=0.2)
    assert peak_hertz(clip) == pytest.approx(440, abs=1)
    assert np.abs(clip.samples).max() == pytest.approx(0.5, abs=0.1)


def test_the_middle_of_a_long_file_by_ffmpeg(tmp_path: Path) -> None:
    sound = np.concatenate([sine(hertz, seconds=20, sr=44_100) for hertz in (300, 600, 1200)])
    clip = clip_of(encode(tmp_path / "long.m4a", sound, codec="aac", sr=44_100), max_seconds=10)
    assert clip.duration_s == pytest.approx(60.0, abs=0.2)
    assert len(clip.samples) == 10 * SR
    assert peak_hertz(clip) == pytest.approx(600, abs=0.5)


def test_loud_files_stay_within_one(tmp_path: Path) -> None:
    sf.write(tmp_path / "loud.wav", 3 * sine(440, seconds=1), SR, subtype="FLOAT")
    assert np.abs(clip_of(tmp_path / "loud.wav").samples).max() == 1.0


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("a.mp3", b"", "empty", "0 bytes"),
        ("b.mp3", b"Dear reader, this is text.\n" * 400, "not_audio", "looks like plain text"),
        ("c.ogg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9, "not_audio", "looks like a JPEG picture"),
        ("d.flac", b"<!DOCTYPE html><title>404</title>", "not_audio", "looks like a web page"),
        ("e.mp3", np.random.default_rng(2).bytes(60_000), "not_audio", "no decoder recognises it"),
        ("f.flac", b"fLaC" + bytes(200), "damaged", "begins like FLAC audio"),
        ("g.mp3", b"#EXTM3U\nhttp://127.0.0.1:9/x.mp3\n", "not_audio", "looks like plain text"),
    ],
)
def test_what_is_not_audio_is_said_in_words(tmp_path: Path, name: str, content: bytes, code: str, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    error = rejection(tmp_path / name)
    assert error.code == code
    assert words in error.reason


@pytest.mark.parametrize(
    ("samples", "code", "words"),
    [
        (sine(440, seconds=0.2), "too_short", "it lasts 0.20 s"),
        (np.zeros(0, dtype=np.float32), "truncated", "only the header"),
        (np.zeros(SR, dtype=np.float32), "silent", "every sample is zero"),
        (sine(440, seconds=1, amplitude=3e-4), "silent", "its loudest sample is at -70 dBFS"),
    ],
)
def test_sound_that_is_not_a_track(tmp_path: Path, samples: np.ndarray, code: str, words: str) -> None:
    error = rejection(write_wav(tmp_path / "a.wav", samples))
    assert (error.code, words in error.reason) == (code, True)


def test_a_file_cut_short_is_truncated_and_one_cut_in_half_is_a_shorter_track(tmp_path: Path) -> None:
    sf.write(tmp_path / "whole.flac", np.random.default_rng(2).uniform(-0.5, 0.5, 10 * SR), SR)
    whole = (tmp_path / "whole.flac").read_bytes()
    (tmp_path / "tenth.flac").write_bytes(whole[: len(whole) // 10])
    assert rejection(tmp_path / "tenth.flac").code == "truncated"
    (tmp_path / "most.flac").write_bytes(whole[: len(whole) * 7 // 10])
    assert 6 < clip_of(tmp_path / "most.flac").duration_s < 7.5


def test_samples_that_are_not_numbers_are_damage(tmp_path: Path) -> None:
    sf.write(tmp_path / "nan.wav", np.full(SR, np.nan, dtype=np.float32), SR, subtype="FLOAT")
    assert rejection(tmp_path / "nan.wav").code == "damaged"


def test_too_large_and_missing_files(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sine(440, seconds=3))
    assert rejection(path, max_file_mb=0.01).code == "too_large"
    assert rejection(tmp_path / "none.wav").code == "unreadable"


def test_every_odd_file_is_a_clip_or_has_a_reason(shared_data: Path) -> None:
    found: dict[str, str] = {}
    for path in sorted((shared_data / "audio" / "odd-files" / "beets").iterdir()):
        try:
            found[path.name] = f"{clip_of(path).duration_s:.1f}"
        except DecodeError as exc:
            found[path.name] = exc.code
    assert len(found) == 67
    tracks = {name: seconds for name, seconds in found.items() if seconds[0].isdigit()}
    assert tracks == {
        "mpeglayer3.wav": "5.0",
        "whitenoise.flac": "2.0",
        "whitenoise.mp3": "2.0",
        "whitenoise.opus": "2.0",
    }
    assert found["full.m4a"] == found["full.wv"] == found["full.ape"] == found["full.mpc"] == "silent"
    assert found["full.wma"] == found["oldape.ape"] == "damaged"
    assert found["emptylist.mp3"] == found["empty.dsf"] == "truncated"
    assert found["full.dsf"] == "too_short"
