"""What is offered to a listener, with the reason of each track in words; and the answer of the API.

Pure, except ``read_offer``, which does the three reads an offer needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spotistream.events import iso_utc
from spotistream.serving.store import DocumentStore
from spotistream.serving.views import Cause, PopularTracks, Reason, Recommendations, Recommended, TrackView

API_LIMIT = 5
POPULAR = Reason("popular")

CAUSES = {
    "play": "you just played {}",
    "complete": "you heard {} to the end",
    "skip": "you skipped {}",
    "like": "you like {}",
    "unlike": "you no longer like {}",
    "dislike": "{} is not for you",
    "forget": "{} was forgotten",
}


@dataclass(frozen=True)
class Offered:
    rank: int
    track: TrackView
    score: float
    reason: Reason
    why: str


@dataclass(frozen=True)
class Offer:
    """``known`` is False for a listener without a table, who is offered what is popular.

    caused_at : when the event happened that changed the table, by the clock of the browser it happened in
    """

    user_id: str
    known: bool
    version: int
    model_version: str | None
    updated_at: datetime | None
    because: str | None
    items: tuple[Offered, ...]
    caused_at: datetime | None = None


def read_offer(
    store: DocumentStore, user_id: str, *, limit: int, max_per_artist: int, pushed: Recommendations | None = None
) -> Offer:
    """The newer of the stored table and the one just pushed; popular tracks where there is neither."""
    table = newer(store.recommendations(user_id), pushed)
    if table is not None and table.table:
        topics = names_of_topics(store, table)
        return offer_from_table(table, store.tracks(tracks_of(table)), topics, limit=limit)
    popular = store.popular(limit * 4)
    tracks = store.tracks(entry.track_id for entry in popular.tracks)
    return offer_from_popular(user_id, popular, tracks, limit=limit, max_per_artist=max_per_artist)


def newer(stored: Recommendations | None, pushed: Recommendations | None) -> Recommendations | None:
    if stored is None or pushed is None:
        return stored or pushed
    return pushed if pushed.version > stored.version else stored


def tracks_of(table: Recommendations) -> set[str]:
    """Every track a table names: offered, as a reason, or as the cause."""
    named = {entry.track_id for entry in table.table} | {entry.reason.track_id for entry in table.table}
    if table.cause is not None:
        named.add(table.cause.track_id)
    return {track_id for track_id in named if track_id is not None}


def names_of_topics(store: DocumentStore, table: Recommendations) -> Mapping[str, str]:
    """The names of the topics that reasons of the table name, by id; read only where there are such."""
    named = {entry.reason.music_topic_id for entry in table.table} - {None}
    return {tile.music_topic_id: tile.name for tile in store.topics() if tile.music_topic_id in named} if named else {}


def offer_from_table(
    table: Recommendations, tracks: Mapping[str, TrackView], topics: Mapping[str, str] | None = None, *, limit: int
) -> Offer:
    """Tracks that are gone or cannot be played are left out and the ranks closed."""
    offered = [entry for entry in sorted(table.table, key=_rank) if _playable(tracks.get(entry.track_id))][:limit]
    return Offer(
        user_id=table.user_id,
        known=True,
        version=table.version,
        model_version=table.model_version,
        updated_at=table.updated_at,
        because=cause_text(table.cause, tracks),
        caused_at=table.cause.event_time if table.cause else None,
        items=tuple(
            Offered(
                rank,
                tracks[entry.track_id],
                entry.score,
                entry.reason,
                reason_text(entry.reason, tracks, table.cause, topics),
            )
            for rank, entry in enumerate(offered, start=1)
        ),
    )


def offer_from_popular(
    user_id: str, popular: PopularTracks, tracks: Mapping[str, TrackView], *, limit: int, max_per_artist: int
) -> Offer:
    """Popular tracks, ``max_per_artist`` of each artist first."""
    scores = {entry.track_id: entry.score for entry in popular.tracks}
    found = [tracks[track_id] for track_id in scores if track_id in tracks]
    varied = diverse(found, max_per_artist=max_per_artist)[:limit]
    return Offer(
        user_id=user_id,
        known=False,
        version=0,
        model_version=popular.model_version,
        updated_at=None,
        because=None,
        items=tuple(
            Offered(rank, track, scores[track.track_id], POPULAR, reason_text(POPULAR, tracks))
            for rank, track in enumerate(varied, start=1)
        ),
    )


def diverse(tracks: Iterable[TrackView], *, max_per_artist: int) -> list[TrackView]:
    """The playable tracks in their order; those of an artist beyond the first ``max_per_artist`` go to the end."""
    taken: Counter[str] = Counter()
    first: list[TrackView] = []
    later: list[TrackView] = []
    for track in tracks:
        artist = track.artist_id or track.artist
        if not track.playable:
            continue
        if artist is not None and taken[artist] >= max_per_artist:
            later.append(track)
            continue
        first.append(track)
        taken[artist or ""] += 1
    return first + later


def reason_text(
    reason: Reason,
    tracks: Mapping[str, TrackView],
    cause: Cause | None = None,
    topics: Mapping[str, str] | None = None,
) -> str:
    """Why, for people. A track or a topic the store does not know is not named.

    topics : names by id
    """
    if reason.code == "popular_in_topic":
        topic = (topics or {}).get(reason.music_topic_id or "")
        return f"popular in {topic}" if topic else "popular in music you like"
    track = tracks.get(reason.track_id or "")
    if track is None:
        return "popular right now" if reason.code == "popular" else "from what you listen to"
    heard = cause is not None and cause.track_id == track.track_id and cause.action in ("play", "complete")
    just = "just " if heard else ""
    texts = {
        "because_played": f"because you {just}played {track.name}",
        "because_liked": f"because you like {track.name}",
        "sounds_like": f"sounds like {track.name}",
    }
    return texts.get(reason.code, f"because of {track.name}")


def cause_text(cause: Cause | None, tracks: Mapping[str, TrackView]) -> str | None:
    """What made the table change: ``you just played X``. None where no track did."""
    track = tracks.get(cause.track_id or "") if cause is not None else None
    if cause is None or track is None or cause.action not in CAUSES:
        return None
    return CAUSES[cause.action].format(track.name)


def api_answer(offer: Offer) -> dict[str, Any]:
    """The JSON of ``GET /recommendations/<user_id>``: the best five. Times are ISO 8601 in UTC."""
    return {
        "user_id": offer.user_id,
        "model_version": offer.model_version,
        "updated_at": iso_utc(offer.updated_at) if offer.updated_at else None,
        "recommendations": [
            {
                "rank": item.rank,
                "track_id": item.track.track_id,
                "title": item.track.title,
                "artist": item.track.artist,
                "score": item.score,
                "reason": {
                    "code": item.reason.code,
                    "track_id": item.reason.track_id,
                    "music_topic_id": item.reason.music_topic_id,
                },
            }
            for item in offer.items[:API_LIMIT]
        ],
    }


def _rank(entry: Recommended) -> tuple[int, str]:
    return entry.rank, entry.track_id


def _playable(track: TrackView | None) -> bool:
    return track is not None and track.playable
