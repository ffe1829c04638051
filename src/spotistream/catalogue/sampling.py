"""A subset of a large ZIP of music, extracted: FMA's clips of 30 seconds alone are 93 GiB.

The files are drawn in an order that depends on the seed and their own paths alone, and extracted in that order until a
limit is met. So a larger sample contains a smaller one of the same seed, and raising a limit, or going on after an
interruption, is running the command again.
"""

from __future__ import annotations

import hashlib
import shlex
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spotistream.catalogue.archive import Contents, Entry, EntryRefused, Refusal, blocks, read_contents
from spotistream.catalogue.unpacking import holds, opened_folder, said, write
from spotistream.errors import EnvironmentProblem, InputError

GB = 10**9
REFUSALS_SAID = 10
WITHOUT_GENRE = "no top genre"


@dataclass(frozen=True)
class Limits:
    """Where a sample ends, whichever comes first; None: nowhere.

    files : number of files
    size : unpacked bytes
    """

    files: int | None = None
    size: int | None = None

    def admit(self, entry: Entry, *, files: int, size: int) -> bool:
        """True where a sample of so many files and bytes has room for one more file."""
        return (self.files is None or files < self.files) and (self.size is None or size + entry.size <= self.size)


@dataclass(frozen=True)
class Plan:
    """What will be extracted.

    drawn : all audio of the archive, in the order it is taken
    chosen : its beginning that is within the limits
    genre_of : top genre by FMA's track number, where the sample is balanced by it
    """

    archive: Path
    out: Path
    limits: Limits
    contents: Contents
    drawn: tuple[Entry, ...]
    chosen: tuple[Entry, ...]
    genre_of: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Sample:
    """What is in the folder of a sample now; prints as the line that says so.

    there : files that were there before
    size : bytes of the files, extracted or there before
    genres : how many files by top genre, the most first; empty where the sample is not balanced by it
    """

    plan: Plan
    extracted: int
    there: int
    size: int
    genres: tuple[tuple[str, int], ...]
    refusals: tuple[Refusal, ...]
    interrupted: bool

    def __str__(self) -> str:
        files, out = self.extracted + self.there, shlex.quote(str(self.plan.out))
        if self.interrupted:
            wanted = len(self.plan.chosen)
            return f"stopped: {files:,} of {wanted:,} files are in {out}; the same command goes on from there"
        parts = [f"{files:,} {'file' if files == 1 else 'files'}, {size_text(self.size)}, in {out}"]
        parts += [f"{self.extracted:,} extracted, {self.there:,} were there"] if self.there else []
        parts += ["by top genre: " + ", ".join(f"{name} {count:,}" for name, count in self.genres)] * bool(self.genres)
        parts += [f"{len(self.refusals):,} refused"] * bool(self.refusals)
        parts += [f"{self.plan.contents.others:,} left out as no audio"] * bool(self.plan.contents.others)
        following = f"spotistream up --audio {out}, or spotistream run extract_features --audio {out}"
        return f"sample: {'; '.join(parts)}. Next: {following}"


def size_text(size: int) -> str:
    """Bytes in words, by powers of ten.

    >>> size_text(93_100_000_000), size_text(960_738)
    ('93.1 GB', '960.7 kB')
    """
    unit, name = next(((unit, name) for unit, name in ((GB, "GB"), (10**6, "MB")) if size >= unit), (1000, "kB"))
    return f"{size / unit:,.1f} {name}"


def limits(*, max_files: int | None, max_gb: float | None) -> Limits:
    """The limits as the command line has them; a GB is 10^9 bytes. Raises InputError where one is not above zero."""
    for name, value in (("--max-files", max_files), ("--max-gb", max_gb)):
        if value is not None and not 0 < value < float("inf"):
            raise InputError(f"{name} {value}", "is not a number above zero", remedy="give one, or leave it out")
    return Limits(files=max_files, size=None if max_gb is None else round(max_gb * GB))


def plan_sample(
    archive: Path, out: Path, *, limits: Limits, seed: int, genre_of: Mapping[int, str] | None = None
) -> Plan:
    """Choose what to extract, by the directory of the archive.

    genre_of : top genre by track number, for a sample balanced by it; None: not balanced

    Raises InputError where the archive cannot be used, holds no audio, nothing of it is within the limits, or no clip
    has a genre; EnvironmentProblem where the disk has too little room. Writes nothing.
    """
    contents = read_contents(archive)
    if not contents.entries:
        raise _nothing(archive, contents.refusals)
    if genre_of is not None and all(_genre(entry, genre_of) == WITHOUT_GENRE for entry in contents.entries):
        remedy = "name the metadata of this archive with --metadata, or leave out --per-genre"
        raise InputError(str(archive), "the metadata has a top genre for none of its files", remedy=remedy)
    drawn = tuple(draw(contents.entries, seed=seed, genre_of=genre_of))
    chosen = tuple(_within(drawn, limits))
    if not chosen:
        problem = f"does not hold the first file, of {size_text(drawn[0].size)}"
        raise InputError(f"--max-gb {(limits.size or 0) / GB:g}", problem, remedy="raise it")
    _check_room(out, chosen)
    return Plan(archive, out, limits, contents, drawn, chosen, genre_of)


def draw(entries: Iterable[Entry], *, seed: int, genre_of: Mapping[int, str] | None = None) -> list[Entry]:
    """The entries in an order drawn by the seed, whatever their order was.

    With ``genre_of``, the genres take turns, by name; one that has no more files is left out of the turn. What has no
    genre comes after everything that has one.
    """

    def ticket(entry: Entry) -> bytes:
        return hashlib.blake2b(f"{seed}:{entry.target}".encode(), digest_size=16).digest()

    drawn = sorted(entries, key=ticket)
    if genre_of is None:
        return drawn
    turns: Counter[str] = Counter()
    keys = {}
    for entry in drawn:
        genre = _genre(entry, genre_of)
        keys[entry.target] = (genre == WITHOUT_GENRE, turns[genre], genre)
        turns[genre] += 1
    return sorted(drawn, key=lambda entry: keys[entry.target])


def extract(plan: Plan, *, advance: Callable[[int], None], stopped: Callable[[], bool]) -> Sample:
    """Extract what is planned; what is there in its size stays as it is.

    A refused file does not count, and the next one drawn takes its place.

    advance : called with 1 for each file of the sample
    stopped : asked between blocks; True ends the run with whole files only

    Raises InputError where nothing at all could be extracted, EnvironmentProblem where the disk is full or refuses.
    """
    extracted: list[Entry] = []
    there: list[Entry] = []
    refusals = list(plan.contents.refusals)
    size, interrupted = 0, False
    with opened_folder(plan.out) as root, plan.archive.open("rb") as archive, said(plan.out):
        try:
            for entry in plan.drawn:
                if not plan.limits.admit(entry, files=len(extracted) + len(there), size=size):
                    break
                try:
                    if holds(root, entry.target, entry.size):
                        there.append(entry)
                    else:
                        write(root, entry.target, _until(stopped, blocks(archive, entry)))
                        extracted.append(entry)
                except EntryRefused as exc:
                    refusals.append(exc.refusal)
                    continue
                size += entry.size
                advance(1)
        except KeyboardInterrupt:
            interrupted = True
    if not extracted and not there and not interrupted:
        raise _nothing(plan.archive, refusals)
    genres = _genres([*extracted, *there], plan.genre_of)
    return Sample(plan, len(extracted), len(there), size, genres, tuple(refusals), interrupted)


def refusal_lines(refusals: Sequence[Refusal]) -> list[str]:
    """A line for each of the first ten, and one for how many more there are."""
    lines = [f"refused {refusal}" for refusal in refusals[:REFUSALS_SAID]]
    more = len(refusals) - len(lines)
    return [*lines, f"and {more:,} more refused"] if more else lines


def _until(stopped: Callable[[], bool], content: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks, and KeyboardInterrupt instead of the next one where a stop is asked for."""
    for block in content:
        if stopped():
            raise KeyboardInterrupt
        yield block


def _within(drawn: Iterable[Entry], limits: Limits) -> Iterator[Entry]:
    files = size = 0
    for entry in drawn:
        if not limits.admit(entry, files=files, size=size):
            return
        yield entry
        files, size = files + 1, size + entry.size


def _check_room(out: Path, chosen: Iterable[Entry]) -> None:
    """Raises EnvironmentProblem where the files that are not there yet need more than is free."""
    missing = sum(entry.size for entry in chosen if not _is_there(out, entry))
    with said(out):
        free = shutil.disk_usage(next(folder for folder in (out, *out.absolute().parents) if folder.exists())).free
    if missing > free:
        problem = f"the sample needs {size_text(missing)} more in {out}, and {size_text(free)} are free"
        raise EnvironmentProblem(problem, remedy="lower --max-gb or --max-files, make room, or name another folder")


def _is_there(out: Path, entry: Entry) -> bool:
    try:
        return (out / entry.target).lstat().st_size == entry.size
    except OSError:
        return False


def _genre(entry: Entry, genre_of: Mapping[int, str]) -> str:
    return (genre_of.get(entry.track) if entry.track is not None else None) or WITHOUT_GENRE


def _genres(entries: Iterable[Entry], genre_of: Mapping[int, str] | None) -> tuple[tuple[str, int], ...]:
    if genre_of is None:
        return ()
    counts = Counter(_genre(entry, genre_of) for entry in entries)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _nothing(archive: Path, refusals: Iterable[Refusal]) -> InputError:
    reasons = list(refusals)
    if not reasons:
        return InputError(str(archive), "there is no audio file in it", remedy="name a ZIP archive of music")
    problem = f"all of its {len(reasons):,} audio files were refused, the first {reasons[0]}"
    return InputError(str(archive), problem, remedy="download it again, or name another")
