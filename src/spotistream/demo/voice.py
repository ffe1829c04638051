"""What an artist, then an album, settles on within a style: the reason two artists of one genre do not sound alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spotistream.demo.styles import Style


@dataclass(frozen=True)
class Voice:
    """Choices within a style.

    bpm : slowest and fastest; minor_share : probability of a minor key; instruments : part name, instrument;
    kit : drum sounds, empty for none; grooves : indices into the style's; swing : delay of the off-beat, swing units;
    tone : 0 dark to 1 bright; room : factor on the reverb; major, minor : progressions
    """

    bpm: tuple[float, float]
    minor_share: float
    instruments: tuple[tuple[str, str], ...]
    kit: str
    grooves: tuple[int, ...]
    swing: float
    tone: float
    room: float
    major: tuple[str, ...]
    minor: tuple[str, ...]


def _some(rng: np.random.Generator, items: tuple[str, ...], count: int) -> tuple[str, ...]:
    picked = sorted(rng.permutation(len(items))[:count])
    return tuple(items[i] for i in picked)


def artist_voice(style: Style, *, seed: tuple[int, ...]) -> Voice:
    """The voice of an artist of ``style``: a third of the tempo range, one instrument a part, some progressions."""
    rng = np.random.default_rng(seed)
    slow, fast = style.bpm
    width = (fast - slow) / 3
    start = slow + float(rng.random()) * (fast - slow - width)
    lean = 0.25 if rng.random() < 0.5 else -0.25
    return Voice(
        bpm=(start, start + width),
        minor_share=float(np.clip(style.minor_share + lean, 0.0, 1.0))
        if 0 < style.minor_share < 1
        else style.minor_share,
        instruments=tuple((part.name, part.instruments[rng.integers(len(part.instruments))]) for part in style.parts),
        kit=style.kits[rng.integers(len(style.kits))] if style.kits else "",
        grooves=tuple(int(i) for i in sorted(rng.permutation(len(style.grooves))[:2])),
        swing=float(rng.uniform(*style.swing)),
        tone=float(rng.uniform(0.2, 0.85)),
        room=float(rng.uniform(0.75, 1.35)),
        major=_some(rng, style.major, 4),
        minor=_some(rng, style.minor, 4),
    )


def album_voice(style: Style, artist: Voice, *, seed: tuple[int, ...]) -> Voice:
    """The artist on one album: tone and room settled, a narrower tempo, now and then another instrument or kit."""
    rng = np.random.default_rng(seed)
    slow, fast = artist.bpm
    centre = float(rng.uniform(slow, fast))
    choices = {part.name: part.instruments for part in style.parts}
    instruments = tuple(
        (name, choices[name][rng.integers(len(choices[name]))] if rng.random() < 0.2 else instrument)
        for name, instrument in artist.instruments
    )
    return replace(
        artist,
        bpm=(centre * 0.975, centre * 1.025),
        instruments=instruments,
        kit=style.kits[rng.integers(len(style.kits))] if style.kits and rng.random() < 0.25 else artist.kit,
        tone=float(np.clip(artist.tone + rng.uniform(-0.12, 0.12), 0.1, 0.95)),
        room=artist.room * float(rng.uniform(0.9, 1.15)),
    )
