"""One piano, broken chords below and a song above, free in time."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, sections

CLASSICAL = Style(
    name="Classical Piano",
    bpm=(62, 104),
    steps=12,
    major=("C G7 C F", "C F G7 C", "C Am Dm G7", "F C G7 C", "C E7 Am F", "C D7 G7 C"),
    minor=("Cm Fm G7 Cm", "Cm Ab Fm G7", "Cm Gm Ab Eb", "Cm Ddim7 G7 Cm", "Cm Bb7 Eb G7"),
    major_scale="major",
    minor_scale="harmonic minor",
    minor_share=0.5,
    humanise=0.011,
    rubato=0.14,
    parts=(
        Part(
            "left_hand",
            "arp",
            ("piano",),
            ("b-0-1-2-1-0-", "b-1-0-1-2-1-", "b-0-2-1-2-0-", "b012321b1232"),
            45,
            64,
            -4,
            pan=-0.1,
            reverb=0.25,
        ),
        Part("waltz", "chords", ("piano",), ("....x---x---", "....x-..x-..", "x---x---x---"), 52, 67, -7, reverb=0.25),
        Part("octaves", "bass", ("piano",), ("r-----------", "r-------5---"), 33, 48, -6, reverb=0.2),
        Part(
            "right_hand",
            "melody",
            ("piano",),
            ("x---x---x---", "x-----x-x---", "x-x-x-x-x---", "x-------x-x-", "x---x-x-x-x-", "xxx-x---x---"),
            65,
            89,
            -1,
            pan=0.1,
            reverb=0.28,
        ),
        Part(
            "echo",
            "melody",
            ("piano", "strings"),
            ("x-----------", "x-------x---", "....x-------"),
            60,
            76,
            -10,
            pan=0.2,
            reverb=0.35,
        ),
    ),
    forms=(
        sections(
            """
            theme 3 A 0.75 left_hand right_hand
            answer 2 B 0.9 waltz octaves right_hand
            return 3 A 1.0 left_hand octaves right_hand echo
            """
        ),
        sections(
            """
            prelude 2 A 0.6 left_hand octaves
            song 3 A 0.8 left_hand octaves right_hand
            height 3 B 1.0 left_hand octaves right_hand echo
            """
        ),
        sections(
            """
            waltz 3 A 0.8 waltz octaves right_hand
            turn 2 B 0.65 left_hand right_hand
            waltz 3 A 1.0 waltz octaves right_hand echo
            """
        ),
    ),
    loudness=-19,
    room=2.0,
)
