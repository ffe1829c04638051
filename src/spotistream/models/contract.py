"""What every recommender can do, whatever it learned from.

A fitted model knows no listeners, only items: a listener is the row of weights of what they played, so one who came a
minute ago is treated as one of the training data. ``tests/unit/test_model_contract.py`` holds every model to this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.models.interactions import Floats, Interactions
from spotistream.models.space import Space

NOTHING = -1
"""In a ranking: no item is left for this rank."""


class Folded(ABC):
    """``b`` histories folded in: what a model makes of each listener before it looks at items.

    vectors : (b, f) float64, whose products with the model's ``item_vectors`` are the scores; None where they are not
    """

    vectors: NDArray[np.float64] | None = None

    @abstractmethod
    def contributions(self, row: int, items: NDArray[np.int64]) -> NDArray[np.float64]:
        """As of ``Recommender``, of the history at ``row``."""


class Recommender(ABC):
    """A fitted model of ``n`` items. Values do not change after fitting; the same data and seed give the same model."""

    name: ClassVar[str]
    """As on the command line and in metrics."""
    space: ClassVar[Space] = {}
    """Where tuning looks for better settings; empty where there is nothing to set."""

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of items, n."""

    @classmethod
    @abstractmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        """Learn from ``data``; settings that are not given have the model's defaults."""

    @abstractmethod
    def scores(self, histories: csr_matrix) -> Floats:
        """How much each of ``b`` listeners is expected to want each item: (b, n); only the order within a row counts.

        histories : (b, n) float32, sparse: weights as in ``Interactions``; negative where an item was turned down
        """

    @property
    def item_vectors(self) -> Floats | None:
        """(n, f): see ``Folded.vectors``; None where scores are no such products."""
        return None

    @abstractmethod
    def folded(self, histories: csr_matrix) -> Folded:
        """``b`` histories folded in; as in ``scores``."""

    def contributions(self, history: csr_matrix, items: NDArray[np.int64]) -> NDArray[np.float64]:
        """What each item of one history adds to the score of each of ``items``: (c, h).

        history : (1, n); its ``h`` stored entries, in their order
        A row of it sums to the part of the score that comes from the history; what comes from all listeners, such as
        popularity, is not in it.
        """
        return self.folded(history).contributions(0, items)

    @abstractmethod
    def similar(self, items: NDArray[np.int64], *, n: int) -> tuple[NDArray[np.int64], Floats]:
        """For each of ``c`` items the ``n`` nearest others, best first, and how near: two (c, n).

        ``NOTHING`` and 0 where fewer are near at all. An item is not its own neighbour.
        """

    @abstractmethod
    def with_items(self, origin: NDArray[np.int64], sounds: Floats) -> Self:
        """The same model of other items, without learning: ``origin[i]`` is an item's old number, -1 for a new one.

        sounds : (n', d), as in ``Interactions``
        """

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that was learned, for saving; ``from_arrays`` is its inverse."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model whose ``arrays()`` these are. Raises ``KeyError`` where one is missing."""

    def recommend(
        self, histories: csr_matrix, *, n: int, leave_out: csr_matrix | None = None
    ) -> tuple[NDArray[np.int64], Floats]:
        """The best ``n`` items of each listener and their scores, best first: two (b, n); ties go to the first item.

        leave_out : (b, n) sparse: stored entries are not offered; what is in the history without
        """
        scores = self.scores(histories)
        return best(scores, n=n, leave_out=histories if leave_out is None else leave_out)


def best(scores: Floats, *, n: int, leave_out: csr_matrix | None = None) -> tuple[NDArray[np.int64], Floats]:
    """The columns of the ``n`` highest scores of each row, best first, and the scores; ties go to the first column.

    Filled with ``NOTHING`` and -inf where a row has fewer. What ``leave_out`` stores is not among them.
    """
    allowed = np.array(scores, dtype=np.float32)
    if leave_out is not None:
        rows = np.repeat(np.arange(leave_out.shape[0]), np.diff(leave_out.indptr))
        allowed[rows, leave_out.indices] = -np.inf
    b, width = allowed.shape
    kept = min(n, width)
    columns = np.full((b, n), NOTHING, dtype=np.int64)
    values = np.full((b, n), -np.inf, dtype=np.float32)
    for i, row in enumerate(allowed):
        least = np.partition(row, width - kept)[width - kept] if kept else np.inf
        among = np.flatnonzero((row >= least) & (row > -np.inf))
        order = among[np.lexsort((among, -row[among]))][:kept]
        columns[i, : len(order)], values[i, : len(order)] = order, row[order]
    return columns, values
