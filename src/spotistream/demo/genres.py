"""All styles of the demo catalogue, in the order in which the catalogue takes turns."""

from __future__ import annotations

from spotistream.demo.acoustic import BOSSA_NOVA, CLASSICAL, FOLK, JAZZ, ROCK
from spotistream.demo.beats import CHIPTUNE, DUB, HIP_HOP, SYNTHWAVE
from spotistream.demo.electronic import AMBIENT, DRUM_AND_BASS, HOUSE, TECHNO
from spotistream.demo.styles import Style

STYLES: tuple[Style, ...] = (
    HOUSE,
    ROCK,
    AMBIENT,
    HIP_HOP,
    JAZZ,
    TECHNO,
    FOLK,
    SYNTHWAVE,
    CLASSICAL,
    DRUM_AND_BASS,
    BOSSA_NOVA,
    DUB,
    CHIPTUNE,
)
