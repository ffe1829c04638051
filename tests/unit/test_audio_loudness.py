"""Integrated loudness: the cases of EBU Tech 3341, and what FFmpeg measures on real music."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from audio_fixtures import sine

from spotistream.audio.decode import decode
from spotistream.audio.loudness import LoudnessMeter, integrated_loudness

RATE = 48_000


def tone(*levels: tuple[float, float], hertz: float = 1_000.0, sr: int = RATE) -> np.ndarray:
    """float32 (n,): one after the other, (dBFS of the peak, seconds)."""
    parts = [sine(hertz, seconds=seconds, sr=sr, amplitude=10 ** (dbfs / 20)) for dbfs, seconds in levels]
    return np.concatenate(parts)


def loudness(*channels: np.ndarray, sr: int = RATE, block: int = 10_007) -> float | None:
    programme = np.stack(channels, axis=1)
    meter = LoudnessMeter(sr, len(channels))
    for begin in range(0, len(programme), block):
        meter.add(programme[begin : begin + block])
    return meter.integrated()


def test_a_full_scale_sine_of_997_hertz_is_at_minus_3_01_in_one_channel_and_at_0_in_two() -> None:
    full = tone((0, 20), hertz=997)
    assert loudness(full) == pytest.approx(-3.01, abs=0.01)
    assert loudness(full, full) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("sr", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])
def test_the_level_does_not_depend_on_the_rate(sr: int) -> None:
    assert loudness(tone((-20, 3), hertz=997, sr=sr), sr=sr) == pytest.approx(-23.01, abs=0.05)


@pytest.mark.parametrize(
    ("case", "levels", "expected"),
    [
        (1, [(-23, 20)], -23.0),
        (2, [(-33, 20)], -33.0),
        (3, [(-36, 10), (-23, 60), (-36, 10)], -23.0),
        (4, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        (5, [(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_cases_of_tech_3341_in_stereo(case: int, levels: list[tuple[float, float]], expected: float) -> None:
    programme = tone(*levels)
    assert loudness(programme, programme) == pytest.approx(expected, abs=0.1), case


def test_case_6_of_tech_3341_in_five_channels() -> None:
    left, centre, side = tone((-28, 20)), tone((-24, 20)), tone((-30, 20))
    assert loudness(left, left, centre, side, side) == pytest.approx(-23.0, abs=0.1)
    deep = tone((0, 20))
    assert loudness(left, left, centre, deep, side, side) == pytest.approx(-23.0, abs=0.1)  # the fourth counts nothing


@pytest.mark.parametrize("block", [1, 4_799, 4_800, 4_801, 1 << 20])
def test_blocks_of_any_length_give_the_same(block: int) -> None:
    noise = np.random.default_rng(4).normal(0, 0.1, RATE).astype(np.float32)
    assert loudness(noise, -noise, block=block) == pytest.approx(loudness(noise, -noise), abs=1e-9)


def test_what_has_no_loudness() -> None:
    assert loudness(tone((-10, 0.39))) is None
    assert loudness(np.zeros(RATE, dtype=np.float32)) is None
    assert loudness(tone((-75, 5))) is None
    assert loudness(tone((-10, 2), hertz=200, sr=2_000), sr=2_000) is None
    assert integrated_loudness([]) is None


def test_a_sample_that_is_no_number_spoils_its_own_moment_only() -> None:
    programme = tone((-20, 10))
    programme[RATE] = np.nan
    assert loudness(programme) == pytest.approx(-23.0, abs=0.1)


def by_ffmpeg(path: Path) -> float:
    """LUFS by FFmpeg's filter ebur128, over the whole file."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source, meter = graph.add_abuffer(template=stream), graph.add("ebur128", "metadata=1:framelog=quiet")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        found = "nan"
        for frame in container.decode(stream):
            source.push(frame)
            while True:
                try:
                    found = sink.pull().metadata["lavfi.r128.I"]
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    return float(found)


@pytest.mark.parametrize(
    "name",
    [
        "fma/000002.mp3",
        "kevin-macleod-ccby/Gold Rush.mp3",
        "openclonk-kpone-ccby/CrushedIceCocktail.ogg",
        "tannerhelland-ccby/Halls of Despair.mp3",
        "librosa-data/pibble.ogg",
        "librosa-data/198-209-0000.ogg",
    ],
)
def test_equal_to_ffmpeg_on_music_and_speech(shared_data: Path, name: str) -> None:
    path = shared_data / "audio" / name
    clip = decode(path, sr=22_050, max_seconds=10, min_seconds=0.5, max_file_mb=100)
    assert clip.loudness_lufs == pytest.approx(by_ffmpeg(path), abs=0.1)
