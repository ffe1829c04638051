"""Which file is which track: what a run has to look at, and the identity of what it finds. No input or output here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spotistream.catalogue.folder import AudioFile

DUPLICATE = "duplicate"
FMA_PATH = re.compile(r"(?:^|/)(\d{3})/(\1\d{3})\.\w+$")
"""Where a clip lies in the archives of the Free Music Archive dataset: ``000/000002.mp3`` is track 2."""
RETRIED = frozenset({"unreadable"})
"""Rejections that can heal without any change to the file: permissions, a share that was away."""


@dataclass(frozen=True)
class KnownTrack:
    """What the tables know of a track. ``described``: its vector is of these bytes and of the current spec."""

    track_id: str
    path: str
    content_hash: str
    size_bytes: int
    modified_us: int
    gone: bool
    described: bool


@dataclass(frozen=True)
class KnownReject:
    """What the tables know of a rejected file."""

    path: str
    code: str
    content_hash: str | None
    size_bytes: int
    modified_us: int


@dataclass(frozen=True)
class Plan:
    """What a run has to do.

    changed : files at the path of a known track, to be looked at before the new ones
    new : files at other paths, and those that were rejected in another state
    gone : ids of tracks that no longer have a file that can be played
    healed : paths whose rejection no longer holds
    """

    changed: tuple[AudioFile, ...]
    new: tuple[AudioFile, ...]
    gone: tuple[str, ...]
    healed: tuple[str, ...]


@dataclass(frozen=True)
class Identity:
    """track_id : of the track the file is; None for a duplicate
    twin : path of the file with the same bytes, for a duplicate
    displaced : id of the track that lost its file to this finding, or None
    """

    track_id: str | None
    twin: str | None = None
    displaced: str | None = None


def plan(files: Iterable[AudioFile], *, tracks: Iterable[KnownTrack], rejects: Iterable[KnownReject]) -> Plan:
    """Compare the folder with the tables, by size and modification time."""
    listed = {file.path: file for file in files}
    track_at = {track.path: track for track in tracks}
    reject_at = {reject.path: reject for reject in rejects}
    settled = {path for path, file in listed.items() if (t := track_at.get(path)) and not t.gone and _same(file, t)}
    originals = {track_at[path].content_hash for path in settled}
    refused = {
        path
        for path, file in listed.items()
        if path not in settled and (reject := reject_at.get(path)) and _same(file, reject)
        and reject.code not in RETRIED and (reject.code != DUPLICATE or reject.content_hash in originals)
    }  # fmt: skip
    pending = [
        file for path, file in listed.items()
        if path not in refused and not (path in settled and track_at[path].described)
    ]  # fmt: skip
    return Plan(
        changed=tuple(file for file in pending if file.path in track_at),
        new=tuple(file for file in pending if file.path not in track_at),
        gone=tuple(t.track_id for t in track_at.values() if not t.gone and (t.path not in listed or t.path in refused)),
        healed=tuple(path for path in reject_at if path not in listed or path in settled),
    )


class Register:
    """Gives each file that was read its track, and remembers it for the files that follow.

    tracks, rejects : all that the tables know
    listed : the folder's files by path
    """

    def __init__(
        self, *, tracks: Iterable[KnownTrack], rejects: Iterable[KnownReject], listed: Mapping[str, AudioFile]
    ) -> None:
        self._at = {track.path: track for track in tracks}
        self._ids = {track.track_id for track in self._at.values()}
        self._current = {
            path for path, track in self._at.items() if not track.gone and path in listed and _same(listed[path], track)
        }
        ordered = sorted(self._at.values(), key=lambda track: track.path in self._current)
        self._with = {track.content_hash: track for track in ordered}
        self._codes = {
            reject.path: reject.code for reject in rejects if reject.path in listed and reject.path not in self._current
        }
        self._listed = listed

    @property
    def live(self) -> int:
        """How many tracks have a file."""
        return len(self._current)

    @property
    def rejections(self) -> Mapping[str, int]:
        """How many files are no tracks, by code."""
        return Counter(self._codes.values())

    def known_hash(self, path: str) -> str | None:
        """Hash of the bytes at a path that need no analysis again, or None."""
        track = self._at.get(path)
        return track.content_hash if track is not None and track.described else None

    def rejected(self, path: str, *, code: str) -> Identity:
        """A file was rejected: its track, if it was one, is displaced."""
        self._current.discard(path)
        self._codes[path] = code
        track = self._at.get(path)
        if track is None or track.gone:
            return Identity(track_id=None)
        self._at[path] = replace(track, gone=True)
        return Identity(track_id=None, displaced=track.track_id)

    def accepted(self, file: AudioFile, *, content_hash: str) -> Identity:
        """A file was read: the track it is.

        The same bytes at a path that still has them make it a duplicate; the track known at its own path, changed or
        not, comes next; then a track with these bytes whose file is gone, which has moved here; then it is new.
        """
        twin = self._holder(content_hash)
        if twin is not None and twin.path != file.path and twin.path in self._current:
            return replace(self.rejected(file.path, code=DUPLICATE), twin=twin.path)
        track = self._at.get(file.path)
        if track is None and twin is not None and twin.path not in self._listed:
            track = self._at.pop(twin.path)
        track_id = track.track_id if track is not None else self._new_id(file.path, content_hash)
        known = KnownTrack(
            track_id, file.path, content_hash, file.size_bytes, file.modified_us, gone=False, described=True
        )
        self._at[file.path] = self._with[content_hash] = known
        self._ids.add(track_id)
        self._current.add(file.path)
        self._codes.pop(file.path, None)
        return Identity(track_id)

    def _holder(self, content_hash: str) -> KnownTrack | None:
        """The track whose file has these bytes, or had them last before it went."""
        track = self._with.get(content_hash)
        at_path = self._at.get(track.path) if track is not None else None
        return at_path if at_path is not None and at_path.content_hash == content_hash else None

    def _new_id(self, path: str, content_hash: str) -> str:
        """Its number in the Free Music Archive, else the first digits of the hash; the next where those are taken."""
        hashed = (f"file:{content_hash[start : start + 16]}" for start in (0, 16, 32, 48))
        return next(track_id for track_id in (*fma_ids(path), *hashed) if track_id not in self._ids)


def fma_ids(path: str) -> tuple[str, ...]:
    """The id of a clip that lies where the Free Music Archive dataset has it; empty for any other file.

    >>> fma_ids("fma_small/000/000002.mp3"), fma_ids("000/001002.mp3"), fma_ids("Album/02.mp3")
    (('fma:2',), (), ())
    """
    match = FMA_PATH.search(path)
    return (f"fma:{int(match[2])}",) if match else ()


def _same(file: AudioFile, known: KnownTrack | KnownReject) -> bool:
    return (file.size_bytes, file.modified_us) == (known.size_bytes, known.modified_us)
