"""Files to clips: what comes out, and a reason for everything that does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from audio_fixtures import SR, encode, sine, write_wav

from spotistream.audio.decode import WHOLE_SECONDS, Clip, decode
from spotistream.errors import DecodeError


def clip_of(
    path: Path, *, max_seconds: float = 120.0, max_file_mb: float = 10.0, whole_seconds: float = WHOLE_SECONDS
) -> Clip:
    return decode(
        path, sr=SR, max_seconds=max_seconds, min_seconds=0.5, max_file_mb=max_file_mb, whole_seconds=whole_seconds
    )


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


@pytest.mark.parametrize("name", ["a.wav", "a.m4a"])
def test_a_short_file_is_measured_whole_and_of_a_long_one_what_is_analysed(tmp_path: Path, name: str) -> None:
    levels = [(4, 0.1), (12, 0.5), (4, 0.1)]
    sound = np.concatenate([sine(997, seconds=s, sr=44_100, amplitude=a) for s, a in levels])
    if name == "a.wav":
        path = write_wav(tmp_path / name, sound, sr=44_100)
    else:
        path = encode(tmp_path / name, sound, codec="aac", sr=44_100)
    stereo_lu = 3.01 if name == "a.m4a" else 0.0
    whole, middle = clip_of(path, max_seconds=4), clip_of(path, max_seconds=4, whole_seconds=19)
    assert (whole.waveform_start_s, whole.waveform_end_s) == pytest.approx((0.0, 20.0), abs=0.1)
    assert (middle.waveform_start_s, middle.waveform_end_s) == pytest.approx((8.0, 12.0), abs=0.1)
    assert len(whole.waveform) == len(middle.waveform) == 512
    assert [round(whole.waveform[part] / 255, 1) for part in (50, 255, 460)] == [0.1, 0.5, 0.1]
    assert {round(level / 255, 1) for level in middle.waveform[9:-9]} == {0.5}
    assert middle.loudness_lufs == pytest.approx(-9.03 + stereo_lu, abs=0.1)
    assert whole.loudness_lufs == pytest.approx(-9.1 + stereo_lu, abs=0.1)  # the soft ends are below the gate
    assert whole.duration_s == pytest.approx(middle.duration_s, abs=0.1)
    assert np.abs(whole.samples[SR : 3 * SR]).max() == pytest.approx(
        np.abs(middle.samples[SR : 3 * SR]).max(), abs=0.01
    )


def test_the_middle_is_the_same_whether_the_rest_is_read_or_not(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).uniform(-0.5, 0.5, (9 * SR + 1, 2)).astype(np.float32)
    path = write_wav(tmp_path / "a.wav", noise)
    whole, middle = clip_of(path, max_seconds=3), clip_of(path, max_seconds=3, whole_seconds=5)
    np.testing.assert_array_equal(whole.samples, middle.samples)
    assert whole.duration_s == middle.duration_s


def test_six_channels_are_measured_and_mixed(tmp_path: Path) -> None:
    sound = np.stack([sine(997, seconds=2, amplitude=0.1 * (channel + 1)) for channel in range(6)], axis=1)
    clip = clip_of(write_wav(tmp_path / "a.wav", sound))
    energy = (0.1**2 + 0.2**2 + 0.3**2 + 1.41 * (0.5**2 + 0.6**2)) / 2
    assert clip.loudness_lufs == pytest.approx(10 * np.log10(energy), abs=0.1)
    assert clip.waveform[100] == round(0.6 * 255)
    assert np.abs(clip.samples).max() == pytest.approx(0.35, abs=0.001)


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


def test_how_much_of_a_cut_file_is_left_is_counted_even_where_its_middle_is_whole(tmp_path: Path) -> None:
    sf.write(tmp_path / "whole.flac", np.random.default_rng(2).uniform(-0.5, 0.5, 10 * SR), SR)
    whole = (tmp_path / "whole.flac").read_bytes()
    (tmp_path / "most.flac").write_bytes(whole[: len(whole) * 7 // 10])
    clip = clip_of(tmp_path / "most.flac", max_seconds=2)
    assert 6 < clip.duration_s < 7.5
    assert (clip.waveform_end_s, len(clip.samples)) == (clip.duration_s, 2 * SR)


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
