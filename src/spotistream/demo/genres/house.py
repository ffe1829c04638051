"""Four on the floor, off-beat hats, ninth chords that breathe with the kick."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_FOUR = "kick x...x...x...x..."
_HOUSE_FILL = "kick x...x...x...x.x.\nclap ....x.......x.xx\nopen ..x...x...x....."
HOUSE = Style(
    name="House",
    crashes=True,
    bpm=(118, 127),
    major=("Fmaj9 Em7 Dm9 Cmaj9", "Cmaj9 Am9 Dm9 G13", "Dm9 Em7 Fmaj9 G7sus4", "Am9 Fmaj9 Cmaj9 G6"),
    minor=("Cm9 Fm9 Abmaj7 Gm7", "Cm7 Cm7 Fm9 Bb9", "Abmaj9 Gm7 Cm9 Cm9", "Cm9 Ebmaj9 Fm9 Abmaj7", "Fm9 Gm7 Cm9 Bb6"),
    major_scale="major pentatonic",
    minor_scale="minor pentatonic",
    minor_share=0.7,
    kits=("909", "808"),
    grooves=(
        groove(f"{_FOUR}\nclap ....x.......x...\nopen ..x...x...x...x.\nhat o.o.o.o.o.o.o.o.", fill=_HOUSE_FILL),
        groove(f"{_FOUR}\nsnare ....x.......x...\nopen ..x...x...x...x.\nshaker xoxoxoxoxoxoxoxo", fill=_HOUSE_FILL),
        groove(
            f"{_FOUR}\nclap ....x.......x..o\nhat ..X.o.X.o.X.o.Xo\nconga ...o..o...o..o.x\nrim x..x...x........",
            fill=_HOUSE_FILL,
        ),
    ),
    drum_gain=0.5,
    swing=(0.0, 0.22),
    parts=(
        Part(
            "bass",
            "bass",
            ("round bass", "sub bass", "finger bass"),
            ("..r-..r-..r-..8-", "r..r..8...r..5.8", "..rr..8...r...5.", "r-.r..r-.8..r.a-"),
            33,
            50,
            -2,
            reverb=0.0,
            duck=0.5,
        ),
        Part(
            "keys",
            "chords",
            ("electric piano", "organ", "piano", "supersaw"),
            ("x..x..x...x..x..", "..x-..x-..x-..x-", "x--.x--.x-x--.x.", "x-..x..x-...x..."),
            52,
            74,
            -4,
            pan=-0.12,
            reverb=0.22,
            echo=0.12,
            duck=0.55,
            sweep=True,
        ),
        Part(
            "pad",
            "chords",
            ("warm pad", "strings", "glass pad"),
            ("x---------------",),
            55,
            76,
            -11,
            reverb=0.4,
            duck=0.7,
            sweep=True,
        ),
        Part(
            "hook",
            "melody",
            ("synth pluck", "vibraphone", "flute", "saw lead"),
            ("x..x..x...x.....", "..x.x...x..x....", "x-..x-..x.x.x...", "........x.x.x..x"),
            67,
            86,
            -8,
            pan=0.25,
            reverb=0.3,
            echo=0.4,
            duck=0.3,
        ),
    ),
    forms=(
        sections(
            """
            intro 1 A 0.5 drums keys
            groove 2 A 0.75 drums bass keys
            break 1 B 0.5 pad keys hook
            drop 4 A 1.0 drums bass keys pad hook
            """
        ),
        sections(
            """
            intro 1 A 0.5 drums bass
            build 2 A 0.7 drums bass pad
            hook 3 A 1.0 drums bass keys hook
            turn 2 B 1.0 drums bass keys pad
            """
        ),
        sections(
            """
            intro 2 A 0.4 keys pad
            drop 3 A 1.0 drums bass keys
            lift 3 B 1.0 drums bass keys hook pad
            """
        ),
    ),
    loudness=-13.5,
    room=1.4,
    ending="fade",
)
