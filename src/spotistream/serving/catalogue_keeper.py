"""Keeps the catalogue and its search index in the memory of the player, and both up to date, in a thread of its own."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import islice

from spotistream.errors import SpotistreamError
from spotistream.events import TRACK_ID_PATTERN
from spotistream.serving.catalogue import Catalogue, TrackRow, catalogue_of, track_row
from spotistream.serving.search import Hit, SearchIndex
from spotistream.serving.store import DocumentStore

log = logging.getLogger(__name__)
LOOK_S = 10.0
"""How often what was heard of is taken in."""
SPARE = 20.0
"""Between two takings at least this many times as long as the last one took."""
AT_ONCE = 100
"""Tracks in one read."""
POPULAR = 1000
FIRST_TRACKS, GROWTH = 2_000, 4
"""The first part of a catalogue that is searched, and how much larger each further one is."""
OTHER_KEYS = ("artist:", "album:", "genre:")
HEARD_AT_MOST = 200_000
PATIENCE = 12
"""How often a track that was heard of is looked for: the store has it some seconds after the topic."""


class Closing(Exception):
    """The reading was ended from outside."""


class CatalogueKeeper:
    """``index`` is None until the store was read for the first time; a page says so then.

    A new index takes the place of the one before it in one step, so who holds one holds what fits together. The store
    is read a little at a time, with pauses as long as the reads, so that listeners do not wait.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="catalogue", daemon=True)
        self._lock = threading.Lock()
        self._heard: dict[str, int] = {}
        self.index: SearchIndex | None = None

    @property
    def catalogue(self) -> Catalogue | None:
        return None if self.index is None else self.index.catalogue

    def search(self, query: str, *, limit: int, kind: str | None = None) -> list[Hit]:
        return [] if self.index is None else self.index.search(query, limit=limit, kind=kind)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def hear(self, key: bytes | None, _value: bytes | None = None, _at: float = 0.0) -> None:
        """A message of topic ``tracks``: its track is new or changed, and is taken in before long."""
        track_id = (key or b"").decode(errors="replace")
        is_track = re.fullmatch(TRACK_ID_PATTERN, track_id, re.ASCII) and not track_id.startswith(OTHER_KEYS)
        if is_track and len(self._heard) < HEARD_AT_MOST:
            with self._lock:
                self._heard[track_id] = PATIENCE

    def read(self) -> None:
        """Read the whole catalogue, the most played tracks first; what was read can be searched meanwhile.

        Raises ``ServiceUnavailable`` where the store does not answer.
        """
        begin = time.monotonic()
        known = dict.fromkeys([*self._popular(), *self._store.track_ids()])
        rows: list[TrackRow] = []
        worth = FIRST_TRACKS
        for row in self._rows(known):
            rows.append(row)
            if len(rows) >= worth:
                self._take(rows, complete=False)
                worth *= GROWTH
        self._take(rows)
        log.info("the search knows %d tracks, read in %.1f s", len(self.catalogue or ()), time.monotonic() - begin)

    def take_in(self) -> bool:
        """Take in the tracks heard of since; whether there were any. Raises ``ServiceUnavailable`` like ``read``."""
        with self._lock:
            heard, self._heard = self._heard, {}
        if not heard or self.catalogue is None:
            return False
        try:
            rows = list(self._rows(heard))
        except SpotistreamError:
            self._hear_again(heard)
            raise
        known = {row.track_id for row in self.catalogue.rows()}
        missing = set(heard) - known - {row.track_id for row in rows}
        self._hear_again({each: heard[each] - 1 for each in missing if heard[each] > 1})
        if rows:
            self._take([*self.catalogue.rows(), *rows])
        return bool(rows)

    def _hear_again(self, heard: dict[str, int]) -> None:
        with self._lock:
            self._heard = heard | self._heard

    def _popular(self) -> list[str]:
        return [entry.track_id for entry in self._store.popular(POPULAR).tracks]

    def _take(self, rows: Iterable[TrackRow], *, complete: bool = True) -> None:
        titles = self._store.genre_titles()
        made = catalogue_of(rows, popular=self._popular(), genre_titles=titles, complete=complete)
        self.index = SearchIndex(made)

    def _rows(self, track_ids: Iterable[str]) -> Iterator[TrackRow]:
        remaining = iter(track_ids)
        while wanted := list(islice(remaining, AT_ONCE)):
            begin = time.monotonic()
            yield from map(track_row, self._store.track_names(wanted))
            if self._closing.wait(time.monotonic() - begin):
                raise Closing

    def _run(self) -> None:
        while not self._closing.is_set():
            begin = time.monotonic()
            try:
                if self.catalogue is None or not self.catalogue.complete:
                    self.read()
                self.take_in()
            except SpotistreamError as exc:
                log.warning("the search does not follow the catalogue: %s", exc)
            except Closing:
                return
            took_s = time.monotonic() - begin
            self._closing.wait(max(LOOK_S, SPARE * took_s) if self.index is not None else LOOK_S)
