"""ALS of the library implicit, a peer to compare with: nothing of ours is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_matrix

from spotistream.evaluation.peer import Peer, Scale
from spotistream.models.interactions import Floats, Interactions
from spotistream.models.space import Choice, Space


@dataclass(frozen=True)
class LibraryAls(Peer):
    """Implicit ALS (Hu, Koren and Volinsky, 2008) by ``implicit.als``; listeners are folded in by the library itself.

    factors, alpha, regularisation, iterations : as the library has them; weighting : see ``Scale``
    """

    name: ClassVar[str] = "implicit_als"
    space: ClassVar[Space] = {
        "factors": Choice((64, 128, 256)),
        "alpha": Choice((1.0, 2.0, 5.0, 10.0, 20.0, 40.0)),
        "regularisation": Choice((0.01, 0.1, 1.0, 5.0, 10.0, 20.0, 35.0, 50.0, 70.0, 100.0)),
        "weighting": Choice(("binary", "log")),
    }
    starts: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"factors": 256, "alpha": 20.0, "regularisation": 70.0, "weighting": "log"},
        {"factors": 256, "alpha": 20.0, "regularisation": 50.0, "weighting": "log"},
        {"factors": 128, "alpha": 10.0, "regularisation": 20.0, "weighting": "log"},
        {"factors": 64, "alpha": 10.0, "regularisation": 20.0, "weighting": "log"},
        {"factors": 128, "alpha": 20.0, "regularisation": 50.0, "weighting": "binary"},
    )

    library: Any
    scale: Scale

    @property
    def size(self) -> int:
        return int(self.library.item_factors.shape[0])

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        from implicit.cpu.als import AlternatingLeastSquares
        from threadpoolctl import threadpool_limits

        chosen = {**cls.starts[0], **(settings or {})}
        scale = Scale(data.weights, chosen["weighting"])
        with threadpool_limits(1, "blas"):  # the library has threads of its own
            model = AlternatingLeastSquares(
                factors=int(chosen["factors"]),
                alpha=float(chosen["alpha"]),
                regularization=float(chosen["regularisation"]),
                iterations=int(chosen.get("iterations", 15)),
                random_state=seed,
            )
            model.fit(scale(data.weights).tocsr(), show_progress=False)
        return cls(model, scale)

    def scores(self, histories: csr_matrix) -> Floats:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, "blas"):
            users = self.library.recalculate_user(np.arange(histories.shape[0]), self.scale(histories).tocsr())
        return np.asarray(users @ self.library.item_factors.T, dtype=np.float32)
