"""Pulsing octaves, arpeggios, gated drums and a big lead."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_WAVE_FILL = "kick x...x...x...x...\nsnare ....X.......X...\ntom ........xxx.xxxx"
SYNTHWAVE = Style(
    name="Synthwave",
    crashes=True,
    bpm=(84, 116),
    major=("C G Am F", "F G Em Am", "C Em F G", "F C G Am"),
    minor=("Cm Ab Eb Bb", "Cm Bb Ab Bb", "Ab Bb Cm Eb", "Cm Fm Ab Gm", "Cm Eb Bb Fm"),
    major_scale="major",
    minor_scale="minor",
    minor_share=0.75,
    kits=("gated", "909"),
    grooves=(
        groove("kick X...x...X...x...\nsnare ....X.......X...\nhat x.x.x.x.x.x.x.x.", fill=_WAVE_FILL),
        groove(
            "kick X.....x.X.......\nsnare ....X.......X...\nhat xoxoxoxoxoxoxoxo\nopen ..............x.",
            fill=_WAVE_FILL,
        ),
        groove(
            "kick X...x...X...x.x.\nclap ....X.......X...\nopen ..x...x...x...x.\ntom ..............oo", fill=_WAVE_FILL
        ),
    ),
    drum_gain=0.5,
    drum_reverb=0.22,
    parts=(
        Part(
            "bass",
            "bass",
            ("round bass", "acid bass", "reese bass"),
            ("r.r.r.r.r.r.r.r.", "r.r8r.r8r.r8r.r8", "rrrrrrrrrrrrrrrr", "r-r.8.r-r.5.8.r."),
            33,
            50,
            -3,
            reverb=0.0,
            duck=0.35,
        ),
        Part(
            "pad",
            "chords",
            ("supersaw", "warm pad", "strings"),
            ("x---------------",),
            52,
            74,
            -8,
            reverb=0.4,
            duck=0.3,
            sweep=True,
        ),
        Part(
            "arp",
            "arp",
            ("synth pluck", "square lead", "bell"),
            ("0123432101234321", "0.2.4.5.4.2.0.2.", "0245420202454202", "5.4.2.0.5.4.2.0."),
            60,
            76,
            -10,
            pan=-0.3,
            reverb=0.25,
            echo=0.45,
        ),
        Part(
            "lead",
            "melody",
            ("saw lead", "square lead", "supersaw"),
            ("x-----x---x-x---", "x---x---x-----x-", "x-x-x---x-------", "....x---x-x-x---"),
            64,
            84,
            -6,
            pan=0.12,
            reverb=0.4,
            echo=0.4,
        ),
    ),
    forms=(
        sections(
            """
            arp 1 A 0.4 arp pad
            drive 2 A 0.8 drums bass arp
            theme 3 A 1.0 drums bass pad lead
            lift 2 B 1.0 drums bass pad arp lead
            """
        ),
        sections(
            """
            night 2 A 0.5 bass pad
            road 2 A 0.85 drums bass arp pad
            bridge 1 B 0.5 pad arp
            theme 3 A 1.0 drums bass pad arp lead
            """
        ),
        sections(
            """
            theme 2 A 0.7 drums bass lead
            city 3 B 1.0 drums bass pad arp
            last 3 A 1.0 drums bass pad arp lead
            """
        ),
    ),
    loudness=-14,
    room=2.2,
)
