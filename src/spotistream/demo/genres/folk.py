"""Picked and strummed guitars in three, a tune on top."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

FOLK = Style(
    name="Folk",
    bpm=(86, 116),
    steps=12,
    major=("C F C G", "C Am F G", "C G Am F", "F C G C", "C Em F C", "Cadd9 G Am7 F"),
    minor=("Cm Bb Cm Bb", "Cm Eb Bb Fm", "Cm Gm Ab Eb", "Cm Fm Bb Eb"),
    major_scale="major pentatonic",
    minor_scale="dorian",
    minor_share=0.35,
    kits=("hand",),
    grooves=(
        groove("kick x...........\nshaker x.xox.xox.xo", fill="kick x...........\nconga ....x...x.x."),
        groove("conga x.......o.x.\nshaker ..x...x...x.", fill="conga x...x...x.xx"),
        groove("kick x.......o...\nrim ....x...x...", fill="kick x...x...x...\nshaker x.x.x.x.x.x."),
    ),
    drum_gain=-8,
    humanise=0.009,
    parts=(
        Part(
            "guitar",
            "arp",
            ("steel guitar", "nylon guitar"),
            ("b.1.2.3.2.1.", "b.2.1.2.3.2.", "b...1.2.1.2.", "b.1.2.b.3.1."),
            52,
            69,
            -1,
            pan=-0.25,
            reverb=0.15,
        ),
        Part(
            "strum",
            "chords",
            ("steel guitar",),
            ("d---d-u-d-u-", "d-----d-u-u-", "d---d---d-u-"),
            52,
            72,
            -8,
            pan=0.35,
            reverb=0.15,
        ),
        Part(
            "bass", "bass", ("upright bass",), ("r-------5---", "r-----------", "r---5---8---"), 33, 48, -6, reverb=0.03
        ),
        Part(
            "tune",
            "melody",
            ("flute", "strings", "reed", "nylon guitar"),
            ("x---x---x---", "x-------x---", "x-x-x---x-x-", "x---x-x-x---", "x-----x-x---"),
            62,
            81,
            -5,
            pan=0.1,
            reverb=0.28,
        ),
    ),
    forms=(
        sections(
            """
            pick 2 A 0.7 guitar
            verse 3 A 0.85 guitar bass tune
            refrain 3 B 1.0 guitar strum bass tune drums
            """
        ),
        sections(
            """
            tune 1 A 0.7 guitar tune
            verse 3 A 0.8 guitar bass drums
            dance 4 B 1.0 guitar strum bass tune drums
            """
        ),
        sections(
            """
            strum 2 A 0.7 strum
            verse 3 A 0.85 guitar strum tune
            turn 1 B 0.7 guitar bass
            last 2 A 1.0 guitar strum bass tune
            """
        ),
    ),
    loudness=-17,
    room=1.3,
)
