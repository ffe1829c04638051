"""Which of the candidates of a radio come next. Pure.

Weights of tracks are by relevance feedback (Rocchio 1971): neighbours of the seed, of what was heard and of what is
liked count for a track, neighbours of what was skipped against it. Chance is added as Gumbel noise, which makes the
order a sample without replacement (Vieira 2014, "Gumbel-max trick and weighted reservoir sampling").
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spotistream.serving.radio import Feedback
from spotistream.serving.views import SimilarTracks

SEED_WEIGHT, HEARD_WEIGHT, LIKED_WEIGHT, SKIPPED_WEIGHT = 1.0, 0.5, 0.75, -1.0
FADING = 0.8
"""What is one track older weighs this much of it."""
RECENT = 10
"""So many of each kind of feedback count."""
HALF_PLACE = 10
"""A neighbour at this place of a list weighs half."""
POPULARITY, KNOWN, RARITY, OTHER_ARTIST = 0.4, 0.4, 0.4, 0.3
TEMPERATURE = 0.08
ARTIST_GAP = 3
"""Tracks between two of one artist, where there are others."""


class Relevance(NamedTuple):
    """How near a track is to what counts for it, by listeners and by sound, and to what counts against it; from 0."""

    by_listeners: float = 0.0
    by_sound: float = 0.0
    against: float = 0.0


@dataclass(frozen=True)
class Candidate:
    """
    popularity : 0 to 1
    known : the listener has played or liked it; known_artist : or another track of its artist
    """

    track_id: str
    artist: str
    relevance: Relevance
    popularity: float = 0.0
    known: bool = False
    known_artist: bool = False


def anchors(seeds: Sequence[str], feedback: Feedback) -> dict[str, float]:
    """The tracks whose neighbours count, with their weights: below 0 they count against a track.

    Seeds share theirs by the root of their number, so many neighbours in common outweigh one.
    """
    weights: dict[str, float] = defaultdict(float)
    for track_id in seeds:
        weights[track_id] += SEED_WEIGHT / math.sqrt(len(seeds))
    unwanted = (*feedback.skipped, *feedback.disliked)
    groups = ((feedback.heard, HEARD_WEIGHT), (feedback.liked, LIKED_WEIGHT), (unwanted, SKIPPED_WEIGHT))
    for group, weight in groups:
        for age, track_id in enumerate(reversed(group[-RECENT:])):
            weights[track_id] += weight * FADING**age
    return dict(weights)


def near_anchors(weights: Mapping[str, float], lists: Mapping[str, SimilarTracks]) -> dict[str, Relevance]:
    """The neighbours of tracks with these weights, by their places in the lists: scores of two lists do not compare."""
    parts: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    for anchor, weight in weights.items():
        near = lists.get(anchor, SimilarTracks())
        for column, entries in enumerate((near.by_listeners, near.by_sound)):
            for place, entry in enumerate(entries):
                parts[entry.track_id][column + (2 if weight < 0 else 0)] += abs(weight) * at_place(place)
    return {
        track_id: Relevance(listeners, sound, max(less, unlike))
        for track_id, (listeners, sound, less, unlike) in parts.items()
    }


def in_seed(seeds: Iterable[str]) -> dict[str, Relevance]:
    """Tracks that are themselves what the radio began with, the most important first."""
    return {track_id: Relevance(at_place(place), at_place(place)) for place, track_id in enumerate(seeds)}


def at_place(place: int) -> float:
    """1 for the first, at place 0, falling to a half at ``HALF_PLACE``."""
    return HALF_PLACE / (HALF_PLACE + place)


def together(one: Mapping[str, Relevance], other: Mapping[str, Relevance]) -> dict[str, Relevance]:
    """The sums of both."""
    nothing = Relevance()
    return {
        track_id: Relevance(*map(sum, zip(one.get(track_id, nothing), other.get(track_id, nothing), strict=True)))
        for track_id in {**one, **other}
    }


def wanted(relevance: Relevance) -> float:
    """How much speaks for a track on the whole, whatever the dial says."""
    return relevance.by_listeners + relevance.by_sound - relevance.against


def score(candidate: Candidate, *, dial: float) -> float:
    """Familiar and new, each by what speaks for it, weighed by the dial; what speaks against a track always counts."""
    by_listeners, by_sound, against = candidate.relevance
    familiar = by_listeners + POPULARITY * candidate.popularity + KNOWN * candidate.known
    new = by_sound + RARITY * (1 - candidate.popularity) + OTHER_ARTIST * (not candidate.known_artist)
    return (1 - dial) * familiar + dial * new - against


def ranked(candidates: Iterable[Candidate], *, dial: float, number: int) -> list[Candidate]:
    """Best first, with the same chance for a track each time the radio of this number is asked."""
    scores = {each: score(each, dial=dial) + noise(each.track_id, number) for each in candidates}
    return sorted(scores, key=lambda each: (-scores[each], each.track_id))


def noise(track_id: str, number: int) -> float:
    """A Gumbel variate of scale ``TEMPERATURE`` that depends on both arguments alone."""
    digest = hashlib.blake2b(f"{number} {track_id}".encode(), digest_size=8).digest()
    uniform = (int.from_bytes(digest) + 0.5) / 2**64
    return -TEMPERATURE * math.log(-math.log(uniform))


def spread(candidates: Sequence[Candidate], *, after: Sequence[str], count: int) -> list[str]:
    """The first ``count`` ids in their order, but no artist within ``ARTIST_GAP`` tracks where there is another.

    after : artists of the tracks before, the last one last
    """
    remaining, artists, chosen = list(candidates), list(after), list[str]()
    while remaining and len(chosen) < count:
        last = artists[-ARTIST_GAP:]
        age = {artist: place for place, artist in enumerate(last, start=1)}
        best = min(remaining, key=lambda each: age.get(each.artist, 0))
        remaining.remove(best)
        artists.append(best.artist)
        chosen.append(best.track_id)
    return chosen
