"""Whether a newly trained model may replace the one in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_LISTENERS = 20
"""With fewer held-out listeners chance decides, and nothing is judged."""
RESAMPLES = 1000
PERCENT = (2.5, 97.5)


@dataclass(frozen=True)
class Measured:
    """What one model reached on held-out listeners.

    version : of the model
    ndcg : (u,) NDCG@20 of each listener in [0, 1]; NaN for one of whom nothing is held out
    """

    version: str
    ndcg: NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """``accepted``, and ``reason`` as one line; the figures are None where nothing was judged.

    difference : mean over listeners of new less current, ``low`` and ``high`` its 95 % interval
    """

    accepted: bool
    reason: str
    listeners: int = 0
    new: float | None = None
    current: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    def as_json(self) -> Mapping[str, Any]:
        """As in a manifest, under ``verdict``."""
        return asdict(self)

    def forced(self) -> Verdict:
        """Accepted whatever was found, which the reason goes on to say."""
        return self if self.accepted else replace(self, accepted=True, reason=f"forced, though {self.reason}")


def not_worse(new: Measured, current: Measured, *, tolerance: float, seed: int = 0) -> Verdict:
    """Whether ``new`` may replace ``current``; row i of both is the same listener, whom neither was trained on.

    tolerance : share of the current NDCG that may be lost

    Refused only where the loss is certain and matters: the 95 % interval of the mean difference, a percentile bootstrap
    over listeners in pairs (Efron and Tibshirani, 1993), lies below zero by more than the tolerance. Raises
    ``ValueError`` where the listeners are not as many.
    """
    if new.ndcg.shape != current.ndcg.shape:
        raise ValueError(f"{len(new.ndcg)} listeners of the new model and {len(current.ndcg)} of the current one")
    both = np.isfinite(new.ndcg) & np.isfinite(current.ndcg)
    u = int(both.sum())
    if u < LEAST_LISTENERS:
        return Verdict(True, f"not judged: {u} held-out listeners are fewer than {LEAST_LISTENERS}", u)
    before, difference = current.ndcg[both], new.ndcg[both] - current.ndcg[both]
    low, high = _interval(difference, seed=seed)
    allowed = tolerance * float(before.mean())
    accepted = high >= -allowed
    word = "not worse than" if accepted else "worse than"
    reason = (
        f"{word} {current.version}: NDCG@20 {new.ndcg[both].mean():.4f} against {before.mean():.4f} on {u:,} held-out "
        f"listeners, difference {difference.mean():+.4f} ({low:+.4f} to {high:+.4f}), tolerated -{allowed:.4f}"
    )
    return Verdict(
        accepted, reason, u, float(new.ndcg[both].mean()), float(before.mean()), float(difference.mean()), low, high
    )


def _interval(values: NDArray[np.float64], *, seed: int) -> tuple[float, float]:
    """Low and high of the mean of (u,) values whose listeners are drawn again and again with replacement."""
    drawn = np.random.default_rng(seed)
    u = len(values)
    means = [float(values[drawn.integers(u, size=u)].mean()) for _ in range(RESAMPLES)]
    low, high = np.percentile(means, PERCENT)
    return float(low), float(high)
