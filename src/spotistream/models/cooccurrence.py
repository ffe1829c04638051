"""Items go together when they are played in one sitting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_matrix, diags

from spotistream.models.interactions import Interactions
from spotistream.models.item_to_item import ItemToItem
from spotistream.models.links import SparseLinks, strongest
from spotistream.models.space import Choice, Space, Span
from spotistream.models.weighting import WEIGHTINGS, Normalisation

DEFAULTS: Mapping[str, Any] = {"neighbours": 200, "shrinkage": 2.0, "popularity_exponent": 0.5, "weighting": "log"}


class Cooccurrence(ItemToItem):
    """How many sittings two items share, by how many each is in (as ListenBrainz finds similar recordings).

    links_ij = c_ij / (c_i^(1-p) c_j^p) * c_ij / (c_ij + shrinkage), with c the numbers of sittings. Where the data say
    nothing of sittings, all a listener played is one.

    neighbours : kept for each item; popularity_exponent : p, 0: towards popular items, 1: away from them
    """

    name: ClassVar[str] = "cooccurrence"
    space: ClassVar[Space] = {
        "neighbours": Choice((50, 100, 200, 500)),
        "shrinkage": Span(0.1, 50.0, log=True),
        "popularity_exponent": Span(0.0, 1.0),
        "weighting": Choice(WEIGHTINGS),
    }

    @classmethod
    def fit(cls, data: Interactions, settings: Mapping[str, Any] | None = None, *, seed: int = 0) -> Self:
        del seed
        chosen = {**DEFAULTS, **(settings or {})}
        sittings = (data.weights if data.sittings is None else data.sittings).sign().astype(np.float32)
        together = (sittings.T @ sittings).tocsr()
        alone = np.maximum(np.asarray(together.diagonal(), dtype=np.float64), 1.0)
        together.setdiag(0)
        together.eliminate_zeros()
        doubted = together.copy()
        doubted.data = together.data**2 / (together.data + chosen["shrinkage"])
        p = chosen["popularity_exponent"]
        links = (diags(alone ** (p - 1)) @ doubted @ diags(alone**-p)).tocsr()
        scale = Normalisation.fitted(data.weights, weighting=chosen["weighting"])
        return cls(SparseLinks(strongest(csr_matrix(links, dtype=np.float32), chosen["neighbours"])), scale)
