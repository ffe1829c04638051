"""What a radio plays next, from the store: candidates near to far, until there are enough to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from spotistream.serving.catalogue import Catalogue, catalogue_of, track_row
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.radio import Radio
from spotistream.serving.radio_ranking import (
    ARTIST_GAP,
    SEED_WEIGHT,
    Candidate,
    Relevance,
    anchors,
    in_seed,
    near_anchors,
    ranked,
    spread,
    together,
    wanted,
)
from spotistream.serving.track_facts import Facts, facts_of
from spotistream.serving.views import TrackView

SEED_ANCHORS = 10
"""Tracks of a seed whose neighbours are looked at."""
HOPS = 3
"""From neighbours to their neighbours, while there is too little."""
FRONTIER = 20
FARTHER = 0.5
"""What is one hop farther weighs this much of it."""
CHOICE = 2
"""Candidates for each track that is chosen."""
POPULAR = 200


@dataclass(frozen=True)
class RadioTracks:
    tracks: tuple[TrackView, ...]
    model_version: str | None


class RadioReader:
    """One answer of a radio. Reads by ``_id`` and from the catalogue in memory.

    catalogue : where it has not been read, or not to its end, the tracks are looked up in the store, and only what is
        near or popular is found
    """

    def __init__(self, store: LibraryStore, catalogue: Catalogue | None, radio: Radio, user_id: str) -> None:
        self._store, self._radio = store, radio
        self._catalogue = catalogue if catalogue is not None and catalogue.complete else None
        self._facts: dict[str, Facts] = {}
        self._model_version: str | None = None
        listening = store.listening(user_id)
        self._disliked = {*radio.feedback.disliked, *(each.track_id for each in listening.dislikes)}
        self._excluded = {*radio.memory, *radio.feedback.skipped, *self._disliked}
        self._known = {each.track_id for each in listening.history} | {each.track_id for each in listening.likes}

    def next(self, seeds: tuple[str, ...], count: int) -> RadioTracks:
        """The next tracks of a radio that began with these; ``seeds`` are the tracks of its seed, best first.

        Raises ``ServiceUnavailable`` where the store does not answer.
        """
        radio = self._radio
        near = self._candidates(seeds, count)
        self._learn((*near, *radio.memory[-ARTIST_GAP:], *self._known, *seeds))
        heard = {self._facts[each].artist for each in (*self._known, *seeds) if each in self._facts}
        found = [self._candidate(each, near[each], heard) for each in near if self._is_new(each)]
        order = ranked(found, dial=radio.dial, number=radio.number)
        before = [self._facts[each].artist for each in radio.memory[-ARTIST_GAP:] if each in self._facts]
        first = [seeds[0]] if radio.seed.kind == "track" and self._is_new(seeds[0]) else []
        after = [*before, *(self._facts[each].artist for each in first)]
        rest = spread([each for each in order if each.track_id not in first], after=after, count=count - len(first))
        chosen = [*first, *rest]
        if len(chosen) < count:
            chosen += list(self._again(chosen))[: count - len(chosen)]
        tracks = self._store.tracks(chosen)
        return RadioTracks(tuple(tracks[each] for each in chosen if each in tracks), self._model_version)

    def _candidates(self, seeds: tuple[str, ...], count: int) -> Mapping[str, Relevance]:
        """Neighbours, their neighbours, what is popular, and at last any track: as far as it takes."""
        near = {} if self._radio.seed.kind == "track" else in_seed(seeds)
        if seeds and self._radio.seed.kind == "track":
            near[seeds[0]] = Relevance(SEED_WEIGHT, SEED_WEIGHT)
        enough = CHOICE * count
        asked: set[str] = set()
        weights = anchors(seeds[:SEED_ANCHORS], self._radio.feedback)
        for hop in range(1, HOPS + 1):
            near = together(near, self._neighbours(weights))
            asked.update(weights)
            if self._new_among(near) >= enough:
                return near
            weights = frontier(near, asked, most=FARTHER**hop)
        popular = self._store.popular(POPULAR)
        self._model_version = self._model_version or popular.model_version
        near = {**{entry.track_id: Relevance() for entry in popular.tracks}, **near}
        missing = enough - self._new_among(near)
        return {**dict.fromkeys(self._others(near, missing), Relevance()), **near}

    def _neighbours(self, weights: Mapping[str, float]) -> dict[str, Relevance]:
        lists = self._store.similar_of(weights)
        versions = (each.model_version for each in lists.values())
        self._model_version = self._model_version or next((each for each in versions if each), None)
        return near_anchors(weights, lists)

    def _others(self, near: Mapping[str, Relevance], missing: int) -> list[str]:
        """Up to so many new tracks of the whole catalogue, in an order of this radio's."""
        if self._catalogue is None or missing <= 0:
            return []
        rows = np.random.default_rng(self._radio.number).permutation(np.flatnonzero(self._catalogue.playable))
        others = (self._catalogue.track_ids[row] for row in rows.tolist())
        return [each for _, each in zip(range(missing), _without(others, self._excluded, near), strict=False)]

    def _again(self, chosen: list[str]) -> Iterator[str]:
        """The older half of what was played, the oldest first."""
        memory = self._radio.memory
        older = memory[: -(-len(memory) // 2)]
        unwanted = {*chosen, *self._disliked}
        self._learn(older)
        for track_id in older:
            if track_id not in unwanted and track_id in self._facts and self._facts[track_id].playable:
                yield track_id

    def _new_among(self, near: Mapping[str, Relevance]) -> int:
        """Without those that more speaks against than for."""
        self._learn(near)
        return sum(self._is_new(each) for each in near if wanted(near[each]) >= 0)

    def _is_new(self, track_id: str) -> bool:
        facts = self._facts.get(track_id)
        return facts is not None and facts.playable and track_id not in self._excluded

    def _candidate(self, track_id: str, relevance: Relevance, heard: set[str]) -> Candidate:
        facts = self._facts[track_id]
        known = track_id in self._known
        return Candidate(track_id, facts.artist, relevance, facts.popularity, known, facts.artist in heard)

    def _learn(self, track_ids: Iterable[str]) -> None:
        missing = [each for each in dict.fromkeys(track_ids) if each not in self._facts]
        if not missing:
            return
        catalogue = self._catalogue
        if catalogue is None:
            catalogue = catalogue_of(map(track_row, self._store.track_names(missing)))
        self._facts.update(facts_of(catalogue, missing))


def frontier(near: Mapping[str, Relevance], asked: set[str], *, most: float) -> dict[str, float]:
    """The nearest tracks whose own neighbours were not asked for, with their weights: ``most`` for the nearest."""
    wants = {each: wanted(near[each]) for each in near if each not in asked and wanted(near[each]) > 0}
    nearest = sorted(wants, key=lambda each: (-wants[each], each))[:FRONTIER]
    return {each: most * wants[each] / wants[nearest[0]] for each in nearest}


def _without(track_ids: Iterable[str], *unwanted: Iterable[str]) -> Iterator[str]:
    excluded = {each for group in unwanted for each in group}
    return (each for each in track_ids if each not in excluded)
