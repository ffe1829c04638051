"""Broken beats at 174 over a beating bass and wide pads."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_JUNGLE_FILL = "kick x.....x...x.....\nsnare ....X..o.xoxX.xx\nhat x.x.x.x.x.x.x.x."
DRUM_AND_BASS = Style(
    name="Drum & Bass",
    crashes=True,
    bpm=(170, 177),
    major=("Cmaj9 Cmaj9 Am9 Am9", "Fmaj9 Fmaj9 G6 Am7", "Dm9 Dm9 Fmaj9 Cmaj9"),
    minor=("Cm9 Cm9 Abmaj7 Abmaj7", "Cm9 Abmaj9 Fm9 Gm7", "Cm Cm Ab Bb", "Fm9 Fm9 Cm9 Cm9", "Cm Db Cm Bb"),
    major_scale="major",
    minor_scale="minor",
    minor_share=0.8,
    kits=("break", "909"),
    grooves=(
        groove(
            "kick X.........X.....\nsnare ....X.......X...\nhat x.x.x.x.x.x.x.x.\nride o...o...o...o...",
            fill=_JUNGLE_FILL,
        ),
        groove("kick X.x.......X.....\nsnare ....X..o.o..X..o\nhat xox.xoxoxox.xoxo", fill=_JUNGLE_FILL),
        groove(
            "kick X..x......xx....\nsnare ....X..o.oo.X.o.\nshaker xoxoxoxoxoxoxoxo\nopen ..............x.",
            fill=_JUNGLE_FILL,
        ),
    ),
    drum_gain=1.5,
    parts=(
        Part(
            "bass",
            "bass",
            ("reese bass", "sub bass", "acid bass"),
            ("r---------r-----", "r-----r---8---5-", "r--r------r--r--", "r-------.r-8-r--"),
            29,
            44,
            -1,
            reverb=0.0,
            duck=0.3,
        ),
        Part(
            "pad",
            "chords",
            ("warm pad", "strings", "glass pad"),
            ("x---------------",),
            55,
            77,
            -7,
            reverb=0.5,
            sweep=True,
        ),
        Part(
            "keys",
            "arp",
            ("electric piano", "piano", "synth pluck", "bell"),
            ("0...2...4...2...", "0.2.4.2.5.4.2...", "..4...2...0...2.", "4..2..0..4..2..0"),
            60,
            79,
            -8,
            pan=-0.3,
            reverb=0.35,
            echo=0.45,
        ),
        Part(
            "lead",
            "melody",
            ("saw lead", "flute", "square lead", "reed"),
            ("x-----x---x-----", "x---x---x-------", "......x---x-x---", "x-------x---x---"),
            64,
            84,
            -9,
            pan=0.2,
            reverb=0.4,
            echo=0.4,
        ),
    ),
    forms=(
        sections(
            """
            intro 2 A 0.5 pad keys
            drop 3 A 1.0 drums bass keys
            lift 3 B 1.0 drums bass pad lead
            """
        ),
        sections(
            """
            intro 1 A 0.5 drums pad
            build 1 A 0.7 pad keys lead
            drop 4 A 1.0 drums bass pad keys
            turn 2 B 1.0 drums bass lead
            """
        ),
        sections(
            """
            roll 2 A 0.8 drums keys
            drop 3 A 1.0 drums bass pad
            break 1 B 0.5 pad lead keys
            back 2 A 1.0 drums bass keys lead
            """
        ),
    ),
    loudness=-12.5,
    room=1.8,
    ending="fade",
)
