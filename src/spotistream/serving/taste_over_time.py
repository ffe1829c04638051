"""How the shares of topics, genres and artists in what a listener plays moved from period to period. Pure.

It is counted from the plays that the store keeps of a listener, ``listening.MAX_HISTORY`` at most. A skip is no play.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from spotistream.serving.listening import Listening
from spotistream.serving.topics import TopicPlace, TopicTile
from spotistream.serving.views import TrackView

DAY, WEEK, MONTH = "day", "week", "month"
MOST_PERIODS = 12
MOST_GROUPS = 5
Group = tuple[str, str]
"""Id and name."""


@dataclass(frozen=True)
class Period:
    """A day, a week from Monday or a calendar month, UTC.

    start : its first day
    plays : tracks heard in it
    """

    start: date
    plays: int


@dataclass(frozen=True)
class Movement:
    """A topic, a genre or an artist.

    shares : of the plays of each period, 0 to 1; None where nothing was played
    before, lately : of the plays of the first and of the second half of the periods, 0 to 1
    """

    id: str
    name: str
    shares: tuple[float | None, ...]
    before: float
    lately: float


@dataclass(frozen=True)
class TasteOverTime:
    """step : day, week or month; the periods follow each other, the newest last; movements, the most played first"""

    step: str
    periods: tuple[Period, ...] = ()
    topics: tuple[Movement, ...] = ()
    genres: tuple[Movement, ...] = ()
    artists: tuple[Movement, ...] = ()


def heard_tracks(listening: Listening) -> list[str]:
    """The tracks that ``taste_over_time`` asks for."""
    return [listen.track_id for listen in listening.history if listen.ended != "skip"]


def taste_over_time(
    listening: Listening,
    tracks: Mapping[str, TrackView],
    places: Mapping[str, TopicPlace],
    topics: Sequence[TopicTile],
) -> TasteOverTime | None:
    """None where fewer than two periods have plays.

    tracks, places : those of ``heard_tracks`` that the store knows, by id; topics : all there are, for their names
    """
    heard = [
        (datetime.fromtimestamp(listen.at / 1000, UTC).date(), listen.track_id)
        for listen in listening.history
        if listen.ended != "skip" and listen.track_id in tracks
    ]
    if not heard:
        return None
    step = _step(min(heard)[0], max(heard)[0])
    starts = _starts(step, min(heard)[0], max(heard)[0])
    at = {start: number for number, start in enumerate(starts)}
    plays = [(at[start], track) for day, track in heard if (start := _start(step, day)) in at]
    counts = Counter(number for number, _ in plays)
    if len(counts) < 2:
        return None
    names = {tile.music_topic_id: tile.name for tile in topics}

    def topic(track: str) -> Group:
        topic_id = places[track].music_topic_id if track in places else ""
        return (topic_id, names[topic_id]) if topic_id in names else ("", "")

    def genre(track: str) -> Group:
        name = tracks[track].genre or tracks[track].predicted_genre or ""
        return name, name

    def artist(track: str) -> Group:
        return tracks[track].artist_id or "", tracks[track].by

    each = [counts[number] for number in range(len(starts))]
    return TasteOverTime(
        step,
        tuple(Period(start, count) for start, count in zip(starts, each, strict=True)),
        *(_movements(plays, each, group) for group in (topic, genre, artist)),
    )


def _step(first: date, last: date) -> str:
    """The finest step by which so long a time has no more than ``MOST_PERIODS``; else months."""
    days = (last - first).days
    if days < MOST_PERIODS:
        return DAY
    return WEEK if (_start(WEEK, last) - _start(WEEK, first)).days < 7 * MOST_PERIODS else MONTH


def _start(step: str, day: date) -> date:
    if step == MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == WEEK else day


def _starts(step: str, first: date, last: date) -> list[date]:
    """The newest periods, oldest first, those without plays included."""
    found = [_start(step, last)]
    while len(found) < MOST_PERIODS and found[-1] > first:
        found.append(_start(step, found[-1] - timedelta(days=1)))
    return found[::-1]


def _movements(
    plays: Sequence[tuple[int, str]], counts: Sequence[int], group: Callable[[str], Group]
) -> tuple[Movement, ...]:
    """plays : number of the period and track; counts : plays of each period"""
    by_period: dict[Group, Counter[int]] = {}
    for number, track in plays:
        found = group(track)
        if found[0]:
            by_period.setdefault(found, Counter())[number] += 1
    order = sorted(by_period, key=lambda each: (-by_period[each].total(), each))[:MOST_GROUPS]
    half = len(counts) // 2
    older, newer = range(half), range(half, len(counts))

    def share(found: Counter[int], numbers: Sequence[int]) -> float:
        of = sum(counts[number] for number in numbers)
        return sum(found[number] for number in numbers) / of if of else 0.0

    return tuple(
        Movement(
            *each,
            tuple(by_period[each][n] / counts[n] if counts[n] else None for n in range(len(counts))),
            before=share(by_period[each], older),
            lately=share(by_period[each], newer),
        )
        for each in order
    )
