"""Numbers of a track in words for people. The bounds are rules of thumb."""

from __future__ import annotations

from dataclasses import dataclass

from spotistream.serving.views import TrackView

TEMPO = ((76.0, "slow"), (108.0, "relaxed"), (132.0, "lively"), (float("inf"), "fast"))
"""Upper bounds in beats per minute."""
BRIGHTNESS = ((1200.0, "dark"), (2000.0, "warm"), (3000.0, "clear"), (float("inf"), "bright"))
"""Upper bounds of the spectral centroid in Hz."""
ENERGY = ((0.05, "quiet"), (0.12, "gentle"), (0.2, "full"), (float("inf"), "loud"))
"""Upper bounds of the root mean square, 0 to 1."""
LOUDNESS = ((-26.0, "soft"), (-18.0, "moderate"), (-11.0, "strong"), (float("inf"), "intense"))
"""Upper bounds of the integrated loudness in LUFS."""
SOFTEST_LUFS, LOUDEST_LUFS = -36.0, -6.0

SIMULATED_PREFIX = "sim-"


@dataclass(frozen=True)
class Feature:
    """``share`` places the value between the lowest and the highest of its scale, 0 to 1."""

    name: str
    word: str
    figure: str
    share: float


def features(track: TrackView) -> tuple[Feature, ...]:
    """Those that are known, in words."""
    found = []
    if track.tempo is not None:
        found.append(_feature("Tempo", track.tempo, TEMPO, f"{track.tempo:.0f} bpm", top=180.0))
    if track.brightness is not None:
        found.append(
            _feature("Brightness", track.brightness, BRIGHTNESS, f"{track.brightness / 1000:.1f} kHz", top=5000.0)
        )
    if track.energy is not None:
        found.append(_feature("Energy", track.energy, ENERGY, f"{track.energy:.2f} RMS", top=0.35))
    if track.loudness_lufs is not None:
        above = track.loudness_lufs - SOFTEST_LUFS
        figure = f"{track.loudness_lufs:.1f} LUFS".replace("-", "\N{MINUS SIGN}")
        share = _share(above / (LOUDEST_LUFS - SOFTEST_LUFS))
        found.append(Feature("Loudness", word(track.loudness_lufs, LOUDNESS), figure, share))
    return tuple(found)


def word(value: float, scale: tuple[tuple[float, str], ...]) -> str:
    return next(name for bound, name in scale if value < bound or bound == float("inf"))


def duration(seconds: float | None) -> str:
    """``3:07``, ``1:02:05``; empty where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def is_simulated(user_id: str) -> bool:
    return user_id.startswith(SIMULATED_PREFIX)


def _feature(name: str, value: float, scale: tuple[tuple[float, str], ...], figure: str, *, top: float) -> Feature:
    return Feature(name, word(value, scale), figure, _share(value / top))


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 3)
