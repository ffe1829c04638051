"""Measures of a sound in words for people, from low to high. The bounds are rules of thumb."""

from __future__ import annotations

Scale = tuple[tuple[float, str], ...]
"""Upper bound and word of each step, low to high; the last bound is infinite."""

TEMPO: Scale = ((76.0, "slow"), (108.0, "relaxed"), (132.0, "lively"), (float("inf"), "fast"))
"""Upper bounds in beats per minute."""
BRIGHTNESS: Scale = ((1200.0, "dark"), (2000.0, "warm"), (3000.0, "clear"), (float("inf"), "bright"))
"""Upper bounds of the spectral centroid in Hz."""
ENERGY: Scale = ((0.05, "quiet"), (0.12, "gentle"), (0.2, "full"), (float("inf"), "loud"))
"""Upper bounds of the root mean square, 0 to 1."""
LOUDNESS: Scale = ((-26.0, "soft"), (-18.0, "moderate"), (-11.0, "strong"), (float("inf"), "intense"))
"""Upper bounds of the integrated loudness in LUFS."""


def word(value: float, scale: Scale) -> str:
    """The word of the step that ``value`` is on.

    >>> word(120.0, TEMPO), word(132.0, TEMPO)
    ('lively', 'fast')
    """
    return scale[step(value, scale)][1]


def step(value: float, scale: Scale) -> int:
    """The number of the step, from 0; a bound belongs to the step above it."""
    return next(number for number, (bound, _) in enumerate(scale) if value < bound or bound == float("inf"))
