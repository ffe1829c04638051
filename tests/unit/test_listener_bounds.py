"""Events in any order, in any pieces, more of them than are kept: the state is the one of all at once."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from spotistream.models.listener import ListenerEvent, ListenerState, merged
from spotistream.models.remembered import remembered

ACTIONS = ("play", "complete", "skip", "like", "unlike", "dislike", "forget")
BOUNDS = {"max_events": 20, "max_opinions": 5}


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up events, no secrets


def some_events(draw: random.Random, count: int = 120) -> list[ListenerEvent]:
    """More than the bounds keep, with ties in time, opinions that change, and events taken back."""
    events: list[ListenerEvent] = []
    for number in range(count):
        target = draw.choice(events).event_id if events else None
        action = draw.choice(ACTIONS) if target else "play"
        session = f"s{draw.randrange(30)}" if action in ("play", "complete", "skip") else None
        events.append(
            ListenerEvent(
                draw.randrange(60), f"e{number:03}", f"t:{draw.randrange(12)}", action,
                draw.choice((None, 1_000)), session, target if action == "forget" else None,
            )
        )  # fmt: skip
    return events


@pytest.mark.parametrize("seed", range(20))
def test_order_pieces_and_redelivery_do_not_matter_beyond_the_bounds(seed: int) -> None:
    draw = seeded(seed)
    events = some_events(draw)
    expected = merged(ListenerState(), events, **BOUNDS)
    assert len(expected.listens) == BOUNDS["max_events"]
    assert len(expected.opinions) == BOUNDS["max_opinions"]
    arriving = [*events, *draw.choices(events, k=60)]
    draw.shuffle(arriving)
    state = ListenerState()
    while arriving:
        size = draw.randrange(1, 9)
        state, arriving = merged(state, arriving[:size], **BOUNDS), arriving[size:]
    assert state == expected


def test_listeners_go_on_from_frame_to_frame() -> None:
    events = {"ann": some_events(seeded(1)), "bob": some_events(seeded(2), 40)}
    rows = [
        {
            "user_id": user_id, **event._asdict(), "kafka_partition": 1, "kafka_offset": offset,
        }
        for user_id, own in events.items()
        for offset, event in enumerate(own)
    ]  # fmt: skip
    rows.append({**rows[-1], "user_id": "cleo", "action": "visit", "track_id": None, "kafka_offset": 7})
    frames = [pd.DataFrame(rows[at : at + 33]) for at in range(0, len(rows), 33)]
    found = list(remembered(frames, **BOUNDS))
    assert [(each.user_id, each.partition, each.version) for each in found] == [
        ("ann", 1, 119), ("bob", 1, 39), ("cleo", 1, 7),
    ]  # fmt: skip
    assert [each.state for each in found] == [
        *(merged(ListenerState(), own, **BOUNDS) for own in events.values()),
        ListenerState(),
    ]
    assert found[2].newest is None
