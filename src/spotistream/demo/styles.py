"""What a musical style is made of, as frozen values. The styles themselves: genres/.

Patterns are strings of one character a sixteenth note (16 make a bar of four beats, 12 a bar of three):

* drums: ``X`` loud, ``x`` normal, ``o`` soft, ``.`` nothing
* bass: ``r`` root, ``3`` third, ``5`` fifth, ``8`` octave, ``a`` step towards the next chord, ``-`` hold, ``.`` rest
* chords: ``x`` struck, ``X`` accented, ``d``/``u`` strummed down/up, ``-`` hold, ``.`` rest
* arp: ``0``-``7`` the n-th chord tone counted upwards, ``b`` the root an octave below, ``-`` hold, ``.`` rest
* melody: ``x`` a note, ``X`` accented, ``-`` hold, ``.`` rest
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["bass", "chords", "arp", "melody"]


@dataclass(frozen=True)
class Part:
    """One pitched voice of an arrangement and its place in the mix.

    instruments, patterns : the choices an artist and a track draw from
    low, high : MIDI range; gain : dB; pan : -1 left to 1 right
    reverb, echo : sent share, 0 to 1; duck : how far the kick pushes it down, 0 to 1
    drive : distortion, 0 none; sweep : a low-pass that opens with the section's intensity
    """

    name: str
    kind: Kind
    instruments: tuple[str, ...]
    patterns: tuple[str, ...]
    low: int
    high: int
    gain: float
    pan: float = 0.0
    reverb: float = 0.15
    echo: float = 0.0
    duck: float = 0.0
    drive: float = 0.0
    sweep: bool = False


@dataclass(frozen=True)
class Groove:
    """A bar of drums: lines : (piece of the kit, pattern); fill : the bar that ends a section."""

    lines: tuple[tuple[str, str], ...]
    fill: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """A stretch of the song. share : eighths of its length; parts : names that play, ``drums`` among them;

    theme : which progression and melody; intensity : 0 to 1, scales velocity and opens filters.
    """

    name: str
    share: int
    parts: tuple[str, ...]
    theme: Literal["A", "B"] = "A"
    intensity: float = 1.0


@dataclass(frozen=True)
class Style:
    """A genre.

    bpm : slowest and fastest; steps : sixteenths in a bar (16 or 12)
    swing : least and most delay of the off-beat, in ``swing_unit`` sixteenths; rubato : depth in beats
    major_scale, minor_scale : what melodies use; minor_share : probability of a minor key
    major, minor : progressions in C, see theory.parse_progression; empty where the mode does not occur
    kits : drum sounds to choose from, empty for none; humanise : timing spread, s
    crashes : a cymbal marks the start of a loud section
    room : reverb seconds; echo_beats : delay of the echo; loudness : LUFS-like target, dB
    ending : a last chord rings, or the music goes on into a fade
    """

    name: str
    bpm: tuple[float, float]
    parts: tuple[Part, ...]
    forms: tuple[tuple[Section, ...], ...]
    major: tuple[str, ...]
    minor: tuple[str, ...]
    major_scale: str
    minor_scale: str
    minor_share: float
    loudness: float
    steps: int = 16
    kits: tuple[str, ...] = ()
    grooves: tuple[Groove, ...] = ()
    drum_gain: float = 0.0
    drum_reverb: float = 0.06
    swing: tuple[float, float] = (0.0, 0.0)
    swing_unit: int = 1
    rubato: float = 0.0
    crashes: bool = False
    humanise: float = 0.003
    room: float = 1.2
    echo_beats: float = 0.75
    ending: Literal["chord", "fade"] = "chord"


def sections(text: str) -> tuple[Section, ...]:
    """A form from one line a section: ``name share theme intensity part part ...``.

    >>> sections("intro 2 A 0.5 pad drums")[0].parts
    ('pad', 'drums')
    """
    rows = [line.split() for line in text.strip().splitlines()]
    return tuple(
        Section(
            name=name,
            share=int(share),
            theme="A" if theme == "A" else "B",
            intensity=float(intensity),
            parts=tuple(parts),
        )
        for name, share, theme, intensity, *parts in rows
    )


def groove(text: str, *, fill: str) -> Groove:
    """A groove from one line a piece, ``kick x...x...``, lines parted by newlines."""
    return Groove(lines=_lines(text), fill=_lines(fill))


def _lines(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((piece, pattern) for piece, pattern in (line.split() for line in text.strip().splitlines()))
