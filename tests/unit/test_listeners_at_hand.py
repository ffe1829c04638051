"""Bounded memory of what is remembered of listeners."""

from __future__ import annotations

from spotistream.models.listeners_at_hand import AtHand, ListenersAtHand


def test_the_one_looked_for_the_longest_ago_is_let_go() -> None:
    hand = ListenersAtHand(2)
    hand.put("ann", 1, b"a")
    hand.put("bob", 2, b"b")
    assert hand.get("ann") == AtHand(1, b"a")
    hand.put("cleo", 3, b"c")
    assert hand.get("bob") is None
    assert (hand.get("ann"), hand.get("cleo"), len(hand)) == (AtHand(1, b"a"), AtHand(3, b"c"), 2)


def test_what_is_put_again_is_replaced_and_counts_as_looked_for() -> None:
    hand = ListenersAtHand(2)
    for user_id, version in (("ann", 1), ("bob", 2), ("ann", 5), ("cleo", 6)):
        hand.put(user_id, version, b"")
    assert hand.get("bob") is None
    assert hand.get("ann") == AtHand(5, b"")
