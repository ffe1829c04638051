"""How fast files become features: ours beside the FMA data set's own recipe and beside the floor, in one run.

    .venv/bin/python benchmarks/features.py [--clips 10] [--rounds 9] [--json]

examples:
    .venv/bin/python benchmarks/features.py                          the figures of benchmarks/README.md, three minutes
    .venv/bin/python benchmarks/features.py --clips 4 --rounds 3     a look, half a minute
    .venv/bin/python benchmarks/features.py --audio ~/Music --json   on other music, one JSON object

The clips are 30 s of 44.1 kHz stereo mp3, cut from the middle of whole pieces, and the one clip of FMA there is.

floor      decode, mix, resample to 22,050 Hz, one Fourier transform (float32, nothing kept)
recipe     mdeff/fma features.py on librosa as installed: each function called as that script does, at the file's own
           rate, tuning estimated, seven statistics of each descriptor by numpy and scipy: 518 numbers
fast, full, extended
           ours: decode, mix, loudness and outline of the whole file, resample, the preset's vector, tempo, brightness,
           energy, mel spectrogram. Not the file's hash and tags, which no other contender reads

Each contender is a warm process on one core with one thread that keeps the memory it has freed (audio/warm.py), floor
and recipe too. One works at a time and clip by clip they take turns, so that whatever else the machine does meets all
of them. Ratios are of whole rounds; median, and 10th to 90th percentile. Every figure is given twice: by the clock, and
by the processor time of the process alone, which on a machine that does other work meanwhile is what the clock would
show on an idle one. Nothing here waits for a disk.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tqdm import tqdm

SHARED_AUDIO = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
CLIP_SECONDS = 30
RATE = 44_100
FMA_CLIPS = 106_574
WARM_UP = 2
PRESETS = ("fast", "full", "extended")
CONTENDERS = ("floor", "recipe", *PRESETS)
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

CLOCKS = ("clock", "processor")

Seconds = tuple[float, float]
"""By the clock, and of processor time."""
Rounds = dict[str, list[Seconds]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--audio", type=Path, default=SHARED_AUDIO, help="folder of music (default: ../shared/data/audio)"
    )
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not arguments.audio.is_dir():
        sys.exit(f"skipped: there is no real music at {arguments.audio}; --audio names another folder")
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with tempfile.TemporaryDirectory(prefix="clips-") as folder:
        clips = cut_clips(arguments.audio, Path(folder), count=arguments.clips)
        cores = sorted(os.sched_getaffinity(0))[:2]
        rounds = one_core(clips, core=cores[0], rounds=arguments.rounds)
        pairs = two_cores(clips, cores=cores, rounds=arguments.rounds) if len(cores) > 1 else {}
    report(rounds, pairs, clips=len(clips), as_json=arguments.json)


def cut_clips(audio: Path, folder: Path, *, count: int) -> list[Path]:
    """The first ``count`` clips: FMA's own, then one of each piece that is long enough."""
    import soundfile as sf

    clips = sorted(audio.glob("fma/*.mp3"))[:count]
    for path in tqdm(sorted(audio.rglob("*.mp3")) + sorted(audio.rglob("*.ogg")), desc="cutting clips", disable=None):
        if len(clips) == count:
            break
        samples = None if path in clips else middle_of(path)
        if samples is not None:
            clips.append(folder / f"{len(clips):03d}.mp3")
            sf.write(clips[-1], samples, RATE, format="MP3")
    if not clips:
        sys.exit(f"skipped: {audio} holds no stereo mp3 or ogg of {CLIP_SECONDS} s at {RATE} Hz")
    return clips


def middle_of(path: Path) -> Any:
    """30 s of a piece, float32 (n, 2); None of one that is shorter, of another kind, or cannot be read."""
    import numpy as np
    import soundfile as sf

    try:
        with sf.SoundFile(path) as file:
            if (file.samplerate, file.channels) != (RATE, 2):
                return None
            file.seek(max(0, file.frames - CLIP_SECONDS * RATE) // 2)
            samples = file.read(CLIP_SECONDS * RATE, dtype="float32")
    except sf.SoundFileError:
        return None
    return np.clip(samples, -1, 1) if len(samples) == CLIP_SECONDS * RATE else None


def contender(name: str) -> Callable[[Path], object]:
    """What turns a file into numbers; its imports are its own."""
    if name == "floor":
        return floor()
    return recipe() if name == "recipe" else ours(name)


def floor() -> Callable[[Path], object]:
    import numpy as np
    import scipy.fft
    import soundfile as sf
    import soxr

    window = np.hanning(2_049)[:-1].astype(np.float32)

    def run(path: Path) -> object:
        stereo, sr = sf.read(path, dtype="float32", always_2d=True)
        mono = (stereo[:, 0] + stereo[:, 1]) * np.float32(0.5)
        samples = np.pad(soxr.resample(mono, sr, 22_050, quality="HQ"), 1_024)
        frames = np.lib.stride_tricks.sliding_window_view(samples, 2_048)[::512]
        return np.abs(scipy.fft.rfft(frames * window, axis=1))

    return run


def recipe() -> Callable[[Path], object]:
    """FMA's, at the file's own rate; librosa's spectral functions are not told that rate, as in the script."""
    import librosa
    import numpy as np
    from librosa import feature
    from scipy import stats

    def described(path: Path) -> list[np.ndarray]:
        x, sr = librosa.load(path, sr=None, mono=True)
        found = [feature.zero_crossing_rate(x, frame_length=2_048, hop_length=512)]
        cqt = np.abs(librosa.cqt(x, sr=sr, hop_length=512, bins_per_octave=12, n_bins=84, tuning=None))
        # librosa had twelve notes an octave as its default then
        found.append(feature.chroma_cqt(C=cqt, n_chroma=12, n_octaves=7, bins_per_octave=12))
        found.append(feature.chroma_cens(C=cqt, n_chroma=12, n_octaves=7, bins_per_octave=12))
        found.append(feature.tonnetz(chroma=found[-1]))
        stft = np.abs(librosa.stft(x, n_fft=2_048, hop_length=512))
        found.append(feature.chroma_stft(S=stft**2, n_chroma=12))
        found.append(feature.rms(S=stft))
        found.append(feature.spectral_centroid(S=stft))
        found.append(feature.spectral_bandwidth(S=stft))
        found.append(feature.spectral_contrast(S=stft, n_bands=6))
        found.append(feature.spectral_rolloff(S=stft))
        mel = feature.melspectrogram(sr=sr, S=stft**2)
        found.append(feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20))
        return found

    def run(path: Path) -> object:
        numbers: list[np.ndarray] = []
        for values in described(path):
            numbers += [np.mean(values, axis=1), np.std(values, axis=1), np.median(values, axis=1)]
            numbers += [np.min(values, axis=1), np.max(values, axis=1)]
            numbers += [stats.skew(values, axis=1), stats.kurtosis(values, axis=1)]
        return np.concatenate(numbers)

    return run


def ours(preset: str) -> Callable[[Path], object]:
    from spotistream.audio.decode import decode
    from spotistream.audio.features import features
    from spotistream.audio.spec import spec_of

    spec = spec_of(preset)

    def run(path: Path) -> object:
        clip = decode(path, sr=spec.sr, max_seconds=120.0, min_seconds=0.5, max_file_mb=512)
        return clip, features(clip, spec=spec)

    return run


class Worker:
    """A contender in a process of its own, on one core."""

    def __init__(self, name: str, *, core: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, name, core), daemon=True)
        self._process.start()

    def start(self, clips: Sequence[Path]) -> None:
        self._connection.send(list(clips))

    def wait(self) -> Seconds:
        """What the last clips took."""
        return self._connection.recv()

    def seconds(self, clips: Sequence[Path]) -> Seconds:
        self.start(clips)
        return self.wait()

    def close(self) -> None:
        self._connection.close()
        self._process.join(timeout=10)


def serve(connection: Connection, name: str, core: int) -> None:
    from spotistream.audio.warm import keep_memory

    os.sched_setaffinity(0, {core})
    keep_memory()
    run = contender(name)
    while True:
        try:
            clips = connection.recv()
        except EOFError:
            return
        begun, used = time.perf_counter(), time.process_time()
        for clip in clips:
            run(clip)
        connection.send((time.perf_counter() - begun, time.process_time() - used))


def one_core(clips: list[Path], *, core: int, rounds: int) -> Rounds:
    """Seconds of each contender for all the clips, round by round."""
    workers = {name: Worker(name, core=core) for name in CONTENDERS}
    for worker in tqdm(workers.values(), desc="warming up", disable=None):
        worker.seconds(clips[:1] * WARM_UP)
    taken: Rounds = {name: [(0.0, 0.0)] * rounds for name in CONTENDERS}
    for turn in tqdm(range(rounds), desc="one core", disable=None):
        for number, clip in enumerate(clips):
            first = (turn + number) % len(CONTENDERS)
            for name in CONTENDERS[first:] + CONTENDERS[:first]:
                clock, processor = workers[name].seconds([clip])
                taken[name][turn] = taken[name][turn][0] + clock, taken[name][turn][1] + processor
    for worker in workers.values():
        worker.close()
    return taken


def two_cores(clips: list[Path], *, cores: list[int], rounds: int) -> Rounds:
    """How many times the clips that one process does two do, each on a core, round by round."""
    taken: Rounds = {}
    for preset in PRESETS:
        pair = [Worker(preset, core=core) for core in cores]
        for worker in pair:
            worker.seconds(clips[:1] * WARM_UP)
        taken[preset] = []
        for _ in tqdm(range(rounds), desc=f"two cores, {preset}", disable=None):
            alone = [worker.seconds(clips) for worker in pair]
            for worker in pair:
                worker.start(clips)
            together = [worker.wait() for worker in pair]
            gains = [
                [one / both for one, both in zip(*times, strict=True)] for times in zip(alone, together, strict=True)
            ]
            taken[preset].append((gains[0][0] + gains[1][0], gains[0][1] + gains[1][1]))
        for worker in pair:
            worker.close()
    return taken


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Median, 10th and 90th percentile."""
    ranked = sorted(values)
    return statistics.median(ranked), ranked[round(0.1 * (len(ranked) - 1))], ranked[round(0.9 * (len(ranked) - 1))]


def report(rounds: Rounds, pairs: Rounds, *, clips: int, as_json: bool) -> None:
    figures: dict[str, Any] = {"clips": clips, "rounds": len(rounds["floor"])}
    for which, clock in enumerate(CLOCKS):
        taken = {name: [times[which] for times in found] for name, found in rounds.items()}
        gains = {name: [times[which] for times in found] for name, found in pairs.items()}
        figures[clock] = measured(taken, gains, clips=clips)
    print(
        json.dumps(figures) if as_json else "\n".join([heading(figures), *(table(figures, clock) for clock in CLOCKS)])
    )


def measured(taken: dict[str, list[float]], gains: dict[str, list[float]], *, clips: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, own in taken.items():
        pairs = list(zip(taken["recipe"], taken["floor"], own, strict=True))
        figures[name] = {
            "clips_per_s": clips / statistics.median(own),
            "recipe_rate_ratio": spread([recipe / mine for recipe, _, mine in pairs]),
            "floor_time_ratio": spread([mine / least for _, least, mine in pairs]),
            "two_cores_gain": spread(gains[name]) if name in gains else None,
        }
    return figures


def heading(figures: dict[str, Any]) -> str:
    return f"{figures['clips']} clips of {CLIP_SECONDS} s, {figures['rounds']} rounds; one process on one core"


def table(figures: dict[str, Any], clock: str) -> str:
    title = {"clock": "By the clock", "processor": "By processor time"}[clock]
    lines = [f"\n{title:18}{'clips/s':>8}{'ms':>8}   {'rate : recipe':22}{'time : floor':22}two cores : one"]
    for name in CONTENDERS:
        found = figures[clock][name]
        gain = ratio(found["two_cores_gain"]) if found["two_cores_gain"] else ""
        lines.append(
            f"{name:18}{found['clips_per_s']:8.1f}{1_000 / found['clips_per_s']:8.1f}   "
            f"{ratio(found['recipe_rate_ratio']):22}{ratio(found['floor_time_ratio']):22}{gain}"
        )
    lines.append(f"All {FMA_CLIPS:,} clips of FMA at these rates, in hours; twenty cores taken as ten times two:")
    for name in CONTENDERS:
        found = figures[clock][name]
        hours = FMA_CLIPS / found["clips_per_s"] / (found["two_cores_gain"] or (2.0,))[0] / 3_600
        said = "" if found["two_cores_gain"] else "   (two cores taken as twice one)"
        lines.append(f"{name:18}{hours:8.2f} on two cores{hours / 10:8.2f} on twenty{said}")
    return "\n".join(lines)


def ratio(values: tuple[float, float, float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f}-{values[2]:.2f})"


if __name__ == "__main__":
    main()
