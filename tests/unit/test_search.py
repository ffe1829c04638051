"""Tuning on models whose best settings are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spotistream.models.contract import best
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.search import tuned_settings
from spotistream.models.space import Choice, Space, Span

ITEMS = 30


class Dial:
    """Ranks item 0, which all listeners want, the higher the nearer ``x`` is to 3; ``sign`` must be plus."""

    name: ClassVar[str] = "dial"
    space: ClassVar[Space] = {"x": Span(0.0, 10.0), "sign": Choice(("plus", "minus"))}
    tried: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, place: int) -> None:
        self.place = place

    @property
    def size(self) -> int:
        return ITEMS

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        chosen = {"x": 9.0, "sign": "plus", **(settings or {})}
        cls.tried.append(dict(settings or {}))
        return cls(int(abs(chosen["x"] - 3)) if chosen["sign"] == "plus" else 25)

    def scores(self, histories: csr_matrix) -> Floats:
        row = -np.arange(ITEMS, dtype=np.float32)
        row[0] = -self.place - 0.5
        return np.tile(row, (histories.shape[0], 1))

    def recommend(self, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None) -> Any:
        return best(self.scores(histories), n=n, leave_out=histories if leave_out is None else leave_out)


@pytest.fixture(autouse=True)
def nothing_tried() -> None:
    Dial.tried.clear()


@pytest.fixture
def data() -> Interactions:
    weights = csr_matrix((np.ones(4), (range(4), [29] * 4)), shape=(4, ITEMS))
    return Interactions.of_pairs(
        ["a", "b", "c", "d"], ["i29"] * 4, catalogue=[f"i{n:02}" for n in range(ITEMS)]
    ).with_weights(weights)


VALID = csr_matrix((np.ones(4), (range(4), [0] * 4)), shape=(4, ITEMS))


def tuned(data: Interactions, *, seconds: float, seed: int = 0, **options: Any) -> tuple[Mapping[str, Any], list[str]]:
    said: list[str] = []
    return tuned_settings(
        Dial, data, VALID, seconds=seconds, seed=seed, k=20, say=said.append, **options
    ), said  # fmt: skip


def test_better_settings_than_the_defaults_are_found(data: Interactions) -> None:
    chosen, said = tuned(data, seconds=2)
    assert Dial.tried[0] == {}
    assert abs(chosen["x"] - 3) < 1
    assert chosen["sign"] == "plus"
    assert said[0].startswith("dial: ")
    assert "NDCG@20 1.0000" in said[0]


def test_with_hardly_any_time_the_defaults_are_tried_and_kept(data: Interactions) -> None:
    assert tuned(data, seconds=1e-9)[0] == {}
    assert Dial.tried == [{}]


def test_without_time_nothing_is_tried(data: Interactions) -> None:
    assert tuned(data, seconds=0, starts=({"x": 1.0}, {"x": 2.0})) == ({"x": 1.0}, ["dial: no time for tuning"])
    assert Dial.tried == []


def test_among_starts_alone_the_best_is_chosen_and_nothing_else_tried(data: Interactions) -> None:
    starts = ({"x": 8.0, "sign": "plus"}, {"x": 5.0, "sign": "plus"}, {"x": 3.0, "sign": "minus"})
    assert tuned(data, seconds=60, starts=starts, further=False)[0] == starts[1]
    assert Dial.tried == list(starts)


def test_the_same_seed_tries_the_same_settings(data: Interactions) -> None:
    tuned(data, seconds=0.5)
    first = Dial.tried.copy()
    Dial.tried.clear()
    tuned(data, seconds=0.5)
    common = min(len(first), len(Dial.tried))
    assert common > 3
    assert first[:common] == Dial.tried[:common]


def test_a_space_that_was_tried_whole_ends_the_search(data: Interactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dial, "space", {"sign": Choice(("plus", "minus"))})
    tuned(data, seconds=600)
    assert [tried.get("sign") for tried in Dial.tried[:1]] == [None]
    assert sorted(tried["sign"] for tried in Dial.tried[1:]) == ["minus", "plus"]
