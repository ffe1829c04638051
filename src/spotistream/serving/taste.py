"""What a listener seems to like, in genres and artists, from what the store keeps of them. Pure.

The recommendations weigh plays more finely (``models/taste.py``); this says the same in the large, for people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spotistream.serving.listening import DISLIKE, LIKE, Listening
from spotistream.serving.views import TrackView

HEARD, SKIPPED, LIKED = 1.0, -0.5, 2.0
RECENCY, LEAST_RECENCY = 0.97, 0.1
"""A listen counts so much less for each newer one, down to the least."""
MOST_TRACKS = 150


@dataclass(frozen=True)
class Liking:
    """A genre or an artist.

    share : of all that speaks for a genre or an artist, 0 to 1
    track_ids : the listener's tracks of it, the weightiest first
    """

    id: str
    name: str
    share: float
    track_ids: tuple[str, ...]


@dataclass(frozen=True)
class Taste:
    """tracks : those that count most, the weightiest first; liked ones are in ``liked`` too"""

    genres: tuple[Liking, ...] = ()
    artists: tuple[Liking, ...] = ()
    tracks: tuple[str, ...] = ()
    liked: frozenset[str] = frozenset()
    disliked: tuple[str, ...] = ()


def weights_of(listening: Listening) -> dict[str, float]:
    """How much each track speaks for itself, the weightiest first, without those that are not for the listener."""
    weights: dict[str, float] = defaultdict(float)
    for age, listen in enumerate(listening.history):
        recency = max(RECENCY**age, LEAST_RECENCY)
        weights[listen.track_id] += (SKIPPED if listen.ended == "skip" else HEARD) * recency
    for opinion in listening.opinions:
        if opinion.action == LIKE:
            weights[opinion.track_id] += LIKED
    disliked = {opinion.track_id for opinion in listening.dislikes}
    kept = {track: weight for track, weight in weights.items() if weight > 0 and track not in disliked}
    return dict(sorted(kept.items(), key=lambda each: (-each[1], each[0]))[:MOST_TRACKS])


def taste_of(listening: Listening, tracks: Mapping[str, TrackView]) -> Taste:
    """tracks : those of ``weights_of`` and of the opinions, by id; what the store does not know is left out"""
    weights = {track: weight for track, weight in weights_of(listening).items() if track in tracks}
    newest = [opinion for opinion in listening.opinions if opinion.track_id in tracks]
    return Taste(
        genres=_likings(weights, lambda track: _genre(tracks[track])),
        artists=_likings(weights, lambda track: (tracks[track].artist_id or "", tracks[track].by)),
        tracks=tuple(weights),
        liked=frozenset(opinion.track_id for opinion in newest if opinion.action == LIKE),
        disliked=tuple(opinion.track_id for opinion in newest if opinion.action == DISLIKE),
    )


def _genre(track: TrackView) -> tuple[str, str]:
    name = track.genre or track.predicted_genre or ""
    return name, name


def _likings(weights: Mapping[str, float], named: Callable[[str], tuple[str, str]]) -> tuple[Liking, ...]:
    """The groups the tracks are in, the weightiest first; tracks without one count for none."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for track, weight in weights.items():
        group = named(track)
        if group[0]:
            sums[group] += weight
            members[group].append(track)
    total = sum(sums.values())
    order = sorted(sums, key=lambda group: (-sums[group], group))
    return tuple(Liking(*group, sums[group] / total, tuple(members[group])) for group in order)
