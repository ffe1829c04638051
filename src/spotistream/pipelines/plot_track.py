"""``spotistream plot-track``: a large picture of one track, or of one audio file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

from spotistream.audio.decode import WHOLE_SECONDS, Clip, decode
from spotistream.audio.features import Features, features
from spotistream.audio.figures import FORMATS, track_picture
from spotistream.audio.spec import FAST
from spotistream.catalogue.tags import read_tags
from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.files import replace_bytes
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import TrackView

LEAST_SECONDS = 0.1
LONGEST_NAME = 120
UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
"""What a file name should not hold on any system."""


@dataclass(frozen=True)
class Subject:
    """What is drawn: the file, and the words above it."""

    path: Path
    title: str
    by: str | None = None
    facts: tuple[str, ...] = ()


def checked_out(out: Path | None) -> Path | None:
    """The name of the picture. Raises InputError where its ending is none that can be drawn, or its folder is none."""
    if out is None:
        return None
    out = out.expanduser()
    if out.suffix.lower().removeprefix(".") not in FORMATS:
        endings = " or ".join(f".{kind}" for kind in FORMATS)
        raise InputError(str(out), "is no picture that can be drawn", remedy=f"name a file that ends in {endings}")
    if not out.parent.is_dir():
        raise InputError(str(out.parent), "is not a folder", remedy="make it, or choose another with --out")
    return out


def is_track_id(what: str) -> bool:
    """True for the id of a track. Raises InputError for a file that does not exist."""
    if Path(what).expanduser().is_file():
        return False
    if re.fullmatch(r"[\w.-]+:[^/\\]+", what):
        return True
    raise InputError(what, "there is no such file", remedy="name an audio file, or the id of a track such as fma:2")


def subject_of_file(path: Path) -> Subject:
    """An audio file with what its tags say."""
    path = path.expanduser().absolute()
    tags = read_tags(path, folder="")
    return Subject(path, tags.title or path.stem, tags.artist, _known(tags.genre, tags.year, tags.licence))


def subject_of_track(cfg: Config, track_id: str) -> Subject:
    """A track of the catalogue, from the document store.

    Raises InputError where it is not there or has no audio on a disk of this machine, ServiceUnavailable.
    """
    store = DocumentStore(uri=cfg.mongo.uri, database=cfg.mongo.database, timeout_ms=cfg.mongo.timeout_ms)
    try:
        track = store.track(track_id)
    finally:
        store.close()
    if track is None:
        remedy = "the address of its page in the player ends in its id"
        raise InputError(f"track {track_id}", "is not in the catalogue of this home", remedy=remedy)
    return Subject(_audio_of(track), track.name, track.artist, _known(track.genre, track.year, track.licence))


def draw(subject: Subject, *, out: Path | None, cfg: Config) -> Path:
    """Draw it; without ``out`` into the current folder, named by its title. Returns where.

    Raises DecodeError for a file that cannot be decoded, InputError where the picture cannot be written.
    """
    clip = decode(
        subject.path,
        sr=FAST.sr,
        max_seconds=WHOLE_SECONDS,
        min_seconds=LEAST_SECONDS,
        max_file_mb=cfg.audio.max_file_mb,
    )
    described = features(clip, spec=FAST)
    target = out or _free_name(subject.title)
    picture = track_picture(
        clip.samples,
        described.mel_db,
        sr=clip.sr,
        start_s=clip.waveform_start_s,
        heading=" · ".join(filter(None, (subject.title, subject.by))),
        facts=(*subject.facts, *_measured(clip, described)),
        kind=target.suffix.lower().removeprefix("."),
    )
    try:
        replace_bytes(target, picture)
    except OSError as exc:
        problem = f"cannot be written ({exc.strerror or exc})"
        raise InputError(str(target), problem, remedy="choose another place with --out") from exc
    return target


def _audio_of(track: TrackView) -> Path:
    what = f"track {track.track_id}"
    if not track.playable or not track.path:
        raise InputError(what, "has no audio", remedy="choose a track that can be played")
    if track.path.startswith("file:"):
        return Path(unquote(urlsplit(track.path).path))
    if "://" in track.path:
        raise InputError(what, f"its audio is at {track.path}", remedy="fetch the file and name it instead")
    return Path(track.path)


def _known(*facts: object) -> tuple[str, ...]:
    return tuple(str(fact) for fact in facts if fact)


def _measured(clip: Clip, described: Features) -> tuple[str, ...]:
    minutes, seconds = divmod(round(clip.duration_s), 60)
    found = [
        f"{minutes}:{seconds:02}",
        f"{described.tempo:.0f} bpm",
        f"{described.brightness / 1000:.1f} kHz",
        f"{described.energy:.2f} RMS",
    ]
    if clip.loudness_lufs is not None:
        found.append(f"{clip.loudness_lufs:.1f} LUFS".replace("-", "\N{MINUS SIGN}"))
    return tuple(found)


def _free_name(title: str) -> Path:
    """A name in the current folder that no file has: a picture nobody named must not replace one."""
    stem = " ".join(UNSAFE.sub(" ", title).split())[:LONGEST_NAME].strip(" .") or "track"
    names = (Path(f"{stem}.png" if number == 1 else f"{stem} ({number}).png") for number in count(1))
    return next(name for name in names if not name.exists())
