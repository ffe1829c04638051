"""A lazy kit, a chopped instrument, soft keys and a deep bass."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_BAP_FILL = "kick x..x..x.x.......\nsnare ....X.......X.xo\nhat x.x.x.x.x.......\nopen ..........x....."
HIP_HOP = Style(
    name="Hip-Hop",
    bpm=(80, 96),
    major=("Fmaj9 Em7 Am9 Am9", "Dm9 G13 Cmaj9 Am7", "Cmaj9 Bb13 Cmaj9 Bb13", "Fmaj9 E7s9 Am9 Gm9"),
    minor=(
        "Cm9 Fm9 Cm9 Abmaj9",
        "Cm9 G7s9 Cm9 Bb13",
        "Abmaj9 Gm7 Cm9 Cm7",
        "Cm7 Ebmaj9 Abmaj9 G7b9",
        "Fm9 Bb13 Cm9 Cm9",
    ),
    major_scale="major pentatonic",
    minor_scale="blues",
    minor_share=0.7,
    kits=("boom bap", "808"),
    grooves=(
        groove("kick X..x......x.....\nsnare ....X.......X...\nhat x.x.x.x.x.x.x.x.", fill=_BAP_FILL),
        groove("kick X.....xx..x.....\nsnare ....X..o....X..o\nhat x.xox.x.x.xox.x.", fill=_BAP_FILL),
        groove(
            "kick X.x.....x..x....\nclap ....X.......X...\nhat x.x.x.xxx.x.xxxx\nopen ......x.........", fill=_BAP_FILL
        ),
        groove(
            "kick X....x..x.x.....\nsnare ....X.......X...\nshaker xoxoxoxoxoxoxoxo\nrim ..........x..x..",
            fill=_BAP_FILL,
        ),
    ),
    drum_gain=1.5,
    swing=(0.15, 0.42),
    parts=(
        Part(
            "bass",
            "bass",
            ("sub bass", "upright bass", "finger bass"),
            ("r--.......r-..5-", "r-..r...8-..a-..", "r-----....r-3-5-", "r--r..r-....8-a-"),
            31,
            47,
            0,
            reverb=0.0,
        ),
        Part(
            "keys",
            "chords",
            ("electric piano", "piano", "organ", "vibraphone"),
            ("x-------....x---", "x---..x-....x---", "x-----x---------", "..x-..x-..x-....", "x--x------x--x--"),
            50,
            72,
            -4,
            pan=-0.1,
            reverb=0.2,
            sweep=True,
        ),
        Part(
            "sample",
            "arp",
            ("nylon guitar", "music box", "vibraphone", "strings", "synth pluck"),
            ("0.2...4.3.......", "....4.2.0...2...", "0..2..4.....5.4.", "4.3.2.0........."),
            58,
            77,
            -7,
            pan=0.3,
            reverb=0.25,
            echo=0.25,
        ),
        Part(
            "hook",
            "melody",
            ("flute", "reed", "electric piano", "square lead"),
            ("x..x..x-....x.x-", "..x.x-..x-......", "x-..x-x.....x---"),
            62,
            81,
            -8,
            pan=-0.25,
            reverb=0.3,
            echo=0.3,
        ),
    ),
    forms=(
        sections(
            """
            sample 1 A 0.6 sample keys
            verse 3 A 0.85 drums bass keys
            hook 2 B 1.0 drums bass keys sample hook
            verse 2 A 0.9 drums bass sample
            """
        ),
        sections(
            """
            count 1 A 0.7 drums
            loop 3 A 0.9 drums bass keys sample
            drop 1 B 0.6 keys hook bass
            back 3 A 1.0 drums bass keys hook
            """
        ),
        sections(
            """
            keys 2 A 0.6 keys hook
            beat 3 A 0.9 drums bass keys
            lift 3 B 1.0 drums bass keys sample hook
            """
        ),
    ),
    loudness=-14,
    room=1.0,
    humanise=0.006,
    ending="fade",
)
