"""Compiles the loops of ranking, so that the first listener does not wait for it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, identity

from spotistream.models.candidate_search import CandidateSearch
from spotistream.models.cooccurrence import Cooccurrence
from spotistream.models.hybrid import Hybrid
from spotistream.models.links import SparseLinks
from spotistream.models.popularity import Popularity
from spotistream.models.weighting import Normalisation

ITEMS = 4


def warm_up() -> None:
    """Rank and explain once, by a model of nothing in particular."""
    ones = np.ones(ITEMS, dtype=np.float32)
    links = SparseLinks(csr_matrix(identity(ITEMS, dtype=np.float32)))
    parts = {
        "cooccurrence": Cooccurrence(links, Normalisation("log", 0.0, 0.0, ones, unit=1.0, mean=1.0)),
        "popularity": Popularity(ones),
    }
    search = CandidateSearch(Hybrid(parts, dict.fromkeys(parts, 1.0)), np.ones(ITEMS, dtype=bool))
    heard = csr_matrix(ones[None, :])
    (found,), folded = search.found(heard, left_out=csr_matrix((1, ITEMS), dtype=bool), kept=2)
    folded.contributions(0, found)


if __name__ == "__main__":  # scripts/setup
    warm_up()
