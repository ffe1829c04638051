"""The catalogue as the simulated listeners meet it: styles, popularity, what a scene likes, and drawing from them."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SCENES = 8
ZIPF_EXPONENT = 0.8
MAX_HIDDEN_STYLES = 32
TRACKS_PER_HIDDEN_STYLE = 5
SPLIT_GENRE_SHARE = 0.5
SPLIT_ARTIST_SHARE = 0.25


@dataclass(frozen=True)
class SimTrack:
    """A track to listen to. ``popularity`` is relative and above 0; null where it is not known."""

    track_id: str
    artist_id: str
    genre: str | None
    duration_s: float
    popularity: float | None = None


class Shelves:
    """Tracks sorted by id, by style and by artist, each with the weight it is drawn by.

    All numbers of a track depend on its id and ``seed`` alone, so that a catalogue that grows keeps its hits.
    """

    def __init__(self, tracks: Sequence[SimTrack], *, seed: int) -> None:
        if not tracks:
            raise ValueError("no tracks to listen to")
        self.tracks = tuple(sorted(tracks, key=lambda track: track.track_id))
        self.styles = style_by_track(self.tracks)
        self.style_names = tuple(sorted(set(self.styles)))
        self._keys = np.array([_key(f"{seed} {track.track_id}") for track in self.tracks], dtype=np.uint64)
        self._weights = self._popularity()
        self._by_style = _positions(self.styles)
        self._by_artist = _positions([track.artist_id for track in self.tracks])
        self._cumulated: dict[tuple[str, str, int], NDArray[np.float64]] = {}
        self._all = np.cumsum(self._weights)

    def style_share(self, style: str) -> float:
        """Share of all tracks that are of the style, 0 to 1."""
        return len(self._by_style[style]) / len(self.tracks)

    def any_track(self, u: float) -> int:
        """Position in ``tracks`` drawn by popularity; ``u`` uniform in [0, 1)."""
        return _draw(self._all, u)

    def track_of_style(self, style: str, scene: int, u: float) -> int:
        """Position of a track of the style, drawn by its popularity in the scene."""
        return self._draw_from("style", style, self._by_style[style], scene, u)

    def track_of_artist(self, artist_id: str, scene: int, u: float) -> int:
        """Position of a track of the artist, drawn by its popularity in the scene."""
        return self._draw_from("artist", artist_id, self._by_artist[artist_id], scene, u)

    def _draw_from(self, shelf: str, name: str, positions: NDArray[np.intp], scene: int, u: float) -> int:
        cumulated = self._cumulated.get((shelf, name, scene))
        if cumulated is None:
            appeal = -np.log(_uniform(self._keys[positions], salt=scene + 1))
            cumulated = np.cumsum(self._weights[positions] * appeal)
            self._cumulated[shelf, name, scene] = cumulated
        return int(positions[_draw(cumulated, u)])

    def _popularity(self) -> NDArray[np.float64]:
        ranks = _uniform(self._keys, salt=0) * len(self.tracks)
        zipf = (ranks + 1.0) ** -ZIPF_EXPONENT
        given = [track.popularity for track in self.tracks]
        return np.array([z if p is None else p for z, p in zip(zipf, given, strict=True)], dtype=np.float64)


def style_by_track(tracks: Sequence[SimTrack]) -> tuple[str, ...]:
    """The style of each track: its genre, or a hidden style where genre says nothing about taste."""
    genres = Counter(track.genre or "" for track in tracks)
    split = {genre for genre, n in genres.items() if not genre or (n > SPLIT_GENRE_SHARE * len(tracks))}
    artists = Counter((track.genre or "", track.artist_id) for track in tracks)
    styles = []
    for track in tracks:
        genre = track.genre or ""
        if genre in split:
            hidden = min(MAX_HIDDEN_STYLES, max(2, genres[genre] // TRACKS_PER_HIDDEN_STYLE))
            large = artists[genre, track.artist_id] >= SPLIT_ARTIST_SHARE * genres[genre]
            spread_by = track.track_id if large else track.artist_id
            styles.append(f"{genre}#{zlib.crc32(spread_by.encode()) % hidden}")
        else:
            styles.append(genre)
    return tuple(styles)


def _positions(labels: Sequence[str]) -> dict[str, NDArray[np.intp]]:
    found: dict[str, list[int]] = {}
    for position, label in enumerate(labels):
        found.setdefault(label, []).append(position)
    return {label: np.array(positions, dtype=np.intp) for label, positions in found.items()}


def _draw(cumulated: NDArray[np.float64], u: float) -> int:
    return min(int(np.searchsorted(cumulated, u * cumulated[-1], side="right")), len(cumulated) - 1)


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _uniform(keys: NDArray[np.uint64], *, salt: int) -> NDArray[np.float64]:
    """A number in (0, 1) for each key: SplitMix64 (Steele, Lea and Flood, 2014) at the ``salt``-th step."""
    z = keys + np.uint64((0x9E3779B97F4A7C15 * (salt + 1)) % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
