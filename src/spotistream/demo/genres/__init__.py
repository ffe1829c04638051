"""All styles of the demo catalogue, a file each, in the order in which the catalogue takes turns."""

from __future__ import annotations

from spotistream.demo.genres.ambient import AMBIENT
from spotistream.demo.genres.bossa_nova import BOSSA_NOVA
from spotistream.demo.genres.chiptune import CHIPTUNE
from spotistream.demo.genres.classical import CLASSICAL
from spotistream.demo.genres.drum_and_bass import DRUM_AND_BASS
from spotistream.demo.genres.dub import DUB
from spotistream.demo.genres.folk import FOLK
from spotistream.demo.genres.hip_hop import HIP_HOP
from spotistream.demo.genres.house import HOUSE
from spotistream.demo.genres.jazz import JAZZ
from spotistream.demo.genres.rock import ROCK
from spotistream.demo.genres.synthwave import SYNTHWAVE
from spotistream.demo.genres.techno import TECHNO
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
