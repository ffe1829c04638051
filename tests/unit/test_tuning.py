"""Models made of others are tuned after their parts and start from what was found for those."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from spotistream.evaluation.held_out import HeldOut
from spotistream.evaluation.protocol import Protocol
from spotistream.evaluation.tuning import made_of, parts_of, tuned
from spotistream.models.cosine import ItemCosine
from spotistream.models.interactions import Interactions
from spotistream.models.space import Choice


class Pair(ItemCosine):
    """Made of cosine."""

    name = "pair"
    space = {"cosine.neighbours": Choice((5, 9)), "blend": Choice((0.5,))}  # noqa: RUF012


def test_parts_are_those_that_its_settings_name() -> None:
    assert parts_of(Pair) == ["cosine"]
    assert parts_of(ItemCosine) == []
    assert made_of(Pair, {"cosine": {"neighbours": 9, "shrinkage": 3.0}}) == {"cosine.neighbours": 9}


def test_parts_come_first_and_their_settings_are_tried() -> None:
    drawn = np.random.default_rng(0).random((20, 12))
    items = np.array([f"i{n:02}" for n in range(12)])
    users = np.array([f"u{n:02}" for n in range(20)])
    train = Interactions(
        users, items, csr_matrix((drawn < 0.3).astype(np.float32)), np.zeros((12, 0), np.float32), np.arange(12)
    )
    valid = csr_matrix(((drawn >= 0.3) & (drawn < 0.5)).astype(np.float32))
    said: list[str] = []
    starts = {"cosine": ({"neighbours": 50, "shrinkage": 1.0, "weighting": "log"},)}
    chosen = tuned(
        HeldOut(train, valid, valid), [Pair, ItemCosine], starts, Protocol(k=5), seconds=1.0, say=said.append
    )
    assert [line.partition(":")[0] for line in said] == ["cosine", "cosine", "pair", "pair"]
    assert set(chosen) == {"pair", "cosine"}
    assert chosen["cosine"].keys() == {"neighbours", "shrinkage", "weighting"}


def test_without_anything_to_choose_by_every_model_has_its_defaults() -> None:
    none = csr_matrix((1, 1), dtype=np.float32)
    train = Interactions(np.array(["u"]), np.array(["i"]), none, np.zeros((1, 0), np.float32), np.arange(1))
    said: list[str] = []
    assert tuned(HeldOut(train, none, none), [ItemCosine], {}, Protocol(), seconds=1, say=said.append) == {}
    assert said == ["too little training data to hold some out: every model has its defaults"]
