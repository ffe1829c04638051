"""Compiled loops work wherever their machine code can or cannot be kept."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from audio_fixtures import sine, write_wav

from spotistream.audio.loudness import LoudnessMeter

ANALYSE = """
import sys
from pathlib import Path
from spotistream.audio.decode import decode
from spotistream.audio.features import features
from spotistream.audio.spec import FULL
clip = decode(Path(sys.argv[1]), sr=22_050, max_seconds=10, min_seconds=0.5, max_file_mb=1)
print(len(features(clip, spec=FULL).vector), round(clip.loudness_lufs, 1))
"""


WARM = """
from spotistream.audio import loudness, shapes, waveform
from spotistream.audio.spec import FAST
from spotistream.audio.warm import warm_up
warm_up(FAST)
loops = loudness._accumulate, waveform._note_peaks, shapes._moments, shapes._rolloff, shapes._extremes
print([len(loop.signatures) for loop in loops])
"""


def test_warming_up_compiles_every_loop() -> None:
    found = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True).stdout
    assert found == "[1, 1, 1, 1, 1]\n"


def analysed(path: Path, **environment: str) -> str:
    command = [sys.executable, "-c", ANALYSE, str(path)]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout


def test_the_next_process_finds_what_the_first_has_compiled(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", sine(997, seconds=2))
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    assert analysed(path, **cache) == "518 -9.0\n"
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").glob("audio_*/*.nb?")}
    assert len(kept) == 10  # an index and one signature of each of five loops
    assert analysed(path, **cache) == "518 -9.0\n"
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").glob("audio_*/*.nb?")} == kept


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_the_compiled_filter_does_what_its_python_does(channels: int) -> None:
    from spotistream.audio import loudness

    block = np.random.default_rng(channels).normal(0, 0.1, (2_000, channels)).astype(np.float32)
    found, expected = LoudnessMeter(8_000, channels), np.zeros(3)
    found.add(block)
    state, weights = np.zeros((channels, loudness.STATE)), np.ones(channels)
    weights[3:] = loudness.SIDE
    loudness._accumulate.py_func(block, loudness.k_weighting(8_000), weights, state, expected, 800, 800)
    np.testing.assert_allclose(found._energies[0] * 800, expected[:2], rtol=1e-9)


KEEP = """
import resource
import numpy as np
from spotistream.audio.warm import keep_memory

def new_pages() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        np.ones(1 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(keep_memory(), new_pages() < 8_192)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has the setting")
def test_memory_that_was_freed_is_used_again() -> None:
    """Eight megabytes, twenty times, are 40,960 pages where each is asked of the system."""
    found = subprocess.run([sys.executable, "-c", KEEP], capture_output=True, text=True, check=True).stdout
    assert found == "True True\n"
