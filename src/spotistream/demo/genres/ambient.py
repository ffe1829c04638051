"""Slow pads, bells and long rooms, no drums."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, sections

AMBIENT = Style(
    name="Ambient",
    bpm=(58, 76),
    major=(
        "Cmaj9 Am9 Fmaj9 G6",
        "Cadd9 Em7 Fmaj9 Cadd9",
        "Cmaj7 Gadd9 Dm9 Fmaj7",
        "Csus2 Fmaj9 Am7 Gsus4",
        "C69 Abmaj7 Fmaj9 Bbmaj9",
    ),
    minor=("Cm9 Abmaj7 Ebmaj9 Bb6", "Cm11 Fm9 Abmaj9 Gm7", "Cmadd9 Gm7 Abmaj9 Fm9", "Cm9 Dbmaj7 Cm9 Bbm9"),
    major_scale="major pentatonic",
    minor_scale="minor pentatonic",
    minor_share=0.5,
    parts=(
        Part(
            "pad",
            "chords",
            ("warm pad", "glass pad", "strings"),
            ("x---------------",),
            48,
            74,
            -3,
            reverb=0.5,
            sweep=True,
        ),
        Part(
            "drone", "bass", ("sub bass", "glass pad"), ("r---------------", "r-------5-------"), 33, 48, -7, reverb=0.2
        ),
        Part(
            "drops",
            "arp",
            ("bell", "music box", "electric piano", "vibraphone"),
            ("0...2.....4.....", "..1...3.......5.", "4.....2...0.....", "0.1.2...4.......", "......5...3...1."),
            60,
            79,
            -7,
            pan=-0.35,
            reverb=0.7,
            echo=0.5,
        ),
        Part(
            "line",
            "melody",
            ("flute", "glass pad", "bell", "strings"),
            ("x-------x-------", "x-----------x---", "....x-------x---", "x---------------"),
            62,
            84,
            -6,
            pan=0.3,
            reverb=0.7,
            echo=0.3,
        ),
    ),
    forms=(
        sections(
            """
            mist 2 A 0.4 pad
            light 3 A 0.7 pad drone drops
            open 3 B 1.0 pad drone drops line
            """
        ),
        sections(
            """
            call 2 A 0.5 drops pad
            calm 2 A 0.7 pad drone line
            wide 2 B 1.0 pad drone drops line
            leave 2 A 0.5 pad drops
            """
        ),
        sections(
            """
            dawn 3 A 0.5 pad drone
            day 3 B 0.9 pad drone line drops
            dusk 2 A 0.6 pad line
            """
        ),
    ),
    loudness=-21,
    room=3.4,
    echo_beats=1.5,
    humanise=0.012,
    ending="fade",
)
