"""Numbers of a track in words for people."""

from __future__ import annotations

from dataclasses import dataclass

from spotistream.serving.views import TrackView
from spotistream.sound_words import BRIGHTNESS, ENERGY, LOUDNESS, TEMPO, Scale, word

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
    found = list(sound_features(track.tempo, track.brightness, track.energy))
    if track.loudness_lufs is not None:
        above = track.loudness_lufs - SOFTEST_LUFS
        figure = f"{track.loudness_lufs:.1f} LUFS".replace("-", "\N{MINUS SIGN}")
        share = _share(above / (LOUDEST_LUFS - SOFTEST_LUFS))
        found.append(Feature("Loudness", word(track.loudness_lufs, LOUDNESS), figure, share))
    return tuple(found)


def sound_features(tempo: float | None, brightness: float | None, energy: float | None) -> tuple[Feature, ...]:
    """Beats per minute, Hz and 0 to 1 in words, those that are known."""
    found = []
    if tempo is not None:
        found.append(_feature("Tempo", tempo, TEMPO, f"{tempo:.0f} bpm", top=180.0))
    if brightness is not None:
        found.append(_feature("Brightness", brightness, BRIGHTNESS, f"{brightness / 1000:.1f} kHz", top=5000.0))
    if energy is not None:
        found.append(_feature("Energy", energy, ENERGY, f"{energy:.2f} RMS", top=0.35))
    return tuple(found)


def duration(seconds: float | None) -> str:
    """``3:07``, ``1:02:05``; empty where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def is_simulated(user_id: str) -> bool:
    return user_id.startswith(SIMULATED_PREFIX)


def _feature(name: str, value: float, scale: Scale, figure: str, *, top: float) -> Feature:
    return Feature(name, word(value, scale), figure, _share(value / top))


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 3)
