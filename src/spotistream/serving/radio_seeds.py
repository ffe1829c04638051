"""The tracks a radio begins with."""

from __future__ import annotations

from spotistream.errors import InputError
from spotistream.serving.catalogue import Catalogue
from spotistream.serving.radio import Seed
from spotistream.serving.recommendations import newer
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import Recommendations

MOST = 200


def seed_tracks(
    store: DocumentStore,
    catalogue: Catalogue | None,
    seed: Seed,
    user_id: str,
    *,
    pushed: Recommendations | None = None,
) -> tuple[str, ...]:
    """The best first: the track itself, the artist's or the topic's, most played first, or the listener's table.

    pushed : a table the store may not have yet

    Raises ``InputError`` where there is no such track, artist or topic.
    """
    match seed.kind:
        case "track":
            return _track(store, seed.id or "")
        case "artist":
            return _of_artist(catalogue, seed.id or "")
        case "topic":
            return _of_topic(store, seed.id or "")
    table = newer(store.recommendations(user_id), pushed)
    if table is not None and table.table:
        return tuple(each.track_id for each in sorted(table.table, key=lambda each: (each.rank, each.track_id)))
    return tuple(entry.track_id for entry in store.popular(MOST).tracks)


def _track(store: DocumentStore, track_id: str) -> tuple[str, ...]:
    if store.track(track_id) is None:
        raise _missing("track")
    return (track_id,)


def _of_artist(catalogue: Catalogue | None, artist_id: str) -> tuple[str, ...]:
    artist = None if catalogue is None else catalogue.artists.ids.place_of(artist_id)
    if catalogue is None or (artist is None and not catalogue.complete):
        raise InputError("catalogue", "is still being read after the start", remedy="start the radio in a moment")
    if artist is None:
        raise _missing("artist")
    return tuple(catalogue.track_ids[row] for row in catalogue.artists.tracks_of(artist)[:MOST].tolist())


def _of_topic(store: DocumentStore, music_topic_id: str) -> tuple[str, ...]:
    topic = store.topic(music_topic_id)
    if topic is None:
        raise _missing("topic")
    popular = (entry.track_id for entry in store.popular_in_topic(music_topic_id, MOST).tracks)
    return tuple(dict.fromkeys((*popular, *topic.typical)))


def _missing(kind: str) -> InputError:
    return InputError(f"{kind} of the radio", "is not in the catalogue", remedy="start a radio from something else")
