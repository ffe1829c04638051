"""A walking bass, a ride, comping and a soloist over two-five-ones."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_SWING_FILL = "ride x...x.x.x...x.x.\nsnare o...x.o.x.x.x.x.\nkick x.......x......."
JAZZ = Style(
    name="Jazz",
    bpm=(116, 184),
    major=(
        "Dm9 G13 Cmaj9 A7b9",
        "Cmaj9 A7b9 Dm9 G13",
        "Cmaj9 Em7/A7b9 Dm9 G13",
        "Fmaj9 Fm6 Em7/A7b9 Dm9/G13",
        "C13 F13 C13 G13",
    ),
    minor=(
        "Cm9 Cm9 Dm7b5 G7b9",
        "Cm6 Fm9 Dm7b5/G7b9 Cm6",
        "Fm9 Bb13 Ebmaj9 Abmaj7",
        "Cm9 Am7b5 Dm7b5 G7b9",
        "Cm7 Fm7 Cm7 G7s9",
    ),
    major_scale="major",
    minor_scale="dorian",
    minor_share=0.45,
    kits=("jazz", "studio"),
    grooves=(
        groove("ride x...x.x.x...x.x.\nhat ....x.......x...\nkick o.......o.......", fill=_SWING_FILL),
        groove("ride x...x.x.x...x.x.\nsnare ......o......o..\nhat ....x.......x...", fill=_SWING_FILL),
        groove("snare x.o.x.o.x.o.x.o.\nhat ....x.......x...\nkick o...o...o...o...", fill=_SWING_FILL),
    ),
    drum_gain=-4,
    drum_reverb=0.15,
    swing=(0.22, 0.34),
    swing_unit=2,
    humanise=0.008,
    parts=(
        Part(
            "bass",
            "bass",
            ("upright bass",),
            ("r---3---5---a---", "r---5---8---a---", "r---8---5---a---", "r---5---3--.a-a-"),
            28,
            46,
            -1,
            reverb=0.05,
        ),
        Part(
            "comp",
            "chords",
            ("piano", "electric piano", "clean guitar", "organ"),
            ("x--...x-........", "......x-....x-..", "x-....x-......x-", "..x-......x-....", "....x-....x---.."),
            52,
            72,
            -6,
            pan=-0.3,
            reverb=0.2,
        ),
        Part(
            "solo",
            "melody",
            ("reed", "vibraphone", "flute", "piano", "clean guitar"),
            (
                "x-x-x-x-x---....",
                "..x-x-x-x-x-x-x-",
                "x---..x-x-x-x---",
                "....x-x-x-..x---",
                "x-x-x---..x-x-x-",
                "x-----x-....x-x-",
            ),
            58,
            83,
            -3,
            pan=0.2,
            reverb=0.28,
        ),
        Part(
            "second",
            "melody",
            ("vibraphone", "reed", "flute"),
            ("........x-x-x---", "x---x-----------", "............x-x-"),
            60,
            79,
            -8,
            pan=0.4,
            reverb=0.3,
        ),
    ),
    forms=(
        sections(
            """
            trio 1 A 0.7 drums bass comp
            head 3 A 0.9 drums bass comp solo
            bridge 2 B 1.0 drums bass comp solo second
            out 2 A 0.85 drums bass comp solo
            """
        ),
        sections(
            """
            walk 1 A 0.7 bass drums
            head 3 A 0.9 drums bass solo
            chorus 3 B 1.0 drums bass comp solo
            bass 1 A 0.7 bass comp
            """
        ),
        sections(
            """
            alone 1 A 0.7 comp solo
            band 4 A 0.9 drums bass comp solo
            trade 3 B 1.0 drums bass second comp
            """
        ),
    ),
    loudness=-17,
    room=1.5,
)
