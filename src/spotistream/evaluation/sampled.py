"""The protocol of sampled negatives, to compare with papers that used it. It says little about ranking a catalogue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_matrix

from spotistream.models.ranking import CELLS_AT_ONCE, Ranker

NOTE = (
    "Each held-out item is ranked among random items only. Such figures are many times higher than those over the full "
    "catalogue, may order models differently, and must not be compared with them."
)


def sampled_metrics(
    model: Ranker, learned: csr_matrix, tested: csr_matrix, *, k: int, negatives: int, seed: int
) -> Mapping[str, float | str]:
    """Hit rate and NDCG at k where each held-out item is ranked among ``negatives`` random ones (He and others, 2017).

    learned, tested : (u, n) sparse; listeners of whom nothing is held out have no part in the means
    Negatives are drawn without replacement from the items the listener has in neither; all of them where they are
    fewer. An item's place is after negatives of the same score in half of the cases: ties count half. The mean is over
    held-out items of each listener, then over listeners. Krichene and Rendle (2020) show how these figures mislead.
    """
    drawn = np.random.default_rng(seed)
    u, n = tested.shape
    step = max(1, CELLS_AT_ONCE // n)
    hit_rates, gains = [], []
    for at in range(0, u, step):
        scores = model.scores(learned[at : at + step])
        for row, (known, asked) in enumerate(zip(learned[at : at + step], tested[at : at + step], strict=True)):
            if not asked.nnz:
                continue
            own = np.concatenate([known.indices, asked.indices])
            others = np.setdiff1d(np.arange(n), own, assume_unique=False)
            chosen = [drawn.choice(others, min(negatives, len(others)), replace=False) for _ in range(asked.nnz)]
            against = scores[row, np.stack(chosen)]
            own_score = scores[row, asked.indices][:, None]
            place = 1 + (against > own_score).sum(axis=1) + (against == own_score).sum(axis=1) / 2
            hit_rates.append(float((place <= k).mean()))
            gains.append(float(np.where(place <= k, 1 / np.log2(place + 1), 0.0).mean()))
    return {
        f"hit_rate@{k}": float(np.mean(hit_rates)),
        f"ndcg@{k}": float(np.mean(gains)),
        "note": NOTE,
    }
