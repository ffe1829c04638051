"""The styles built on a beat or a chip: hip-hop, synthwave, dub, chiptune."""

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

_DUB_FILL = "kick ........x.......\nsnare ....x..x..x.x.xx\ntom ..........x.x..."
DUB = Style(
    name="Reggae & Dub",
    bpm=(68, 80),
    major=("C F C G", "C Am F G", "C C F F", "G F C C"),
    minor=("Cm Cm Fm Fm", "Cm Bb Cm Bb", "Cm Fm Gm Cm", "Ab Bb Cm Cm", "Cm7 Cm7 Gm7 Gm7"),
    major_scale="major pentatonic",
    minor_scale="minor pentatonic",
    minor_share=0.6,
    kits=("studio", "808"),
    grooves=(
        groove("kick ........X.......\nrim ........x.......\nhat x.xox.xox.xox.xo", fill=_DUB_FILL),
        groove(
            "kick X.......X.......\nsnare ........X.......\nhat ..x...x...x...x.\nrim ...x......x..x..", fill=_DUB_FILL
        ),
        groove(
            "kick x...x...X...x...\nsnare ........X.......\nhat x.xox.xox.xox.xo\nopen ......o.......o.", fill=_DUB_FILL
        ),
    ),
    drum_gain=-0.5,
    drum_reverb=0.18,
    swing=(0.1, 0.3),
    parts=(
        Part(
            "bass",
            "bass",
            ("sub bass", "finger bass", "round bass"),
            ("r--.r-5-8---....", "....r-r-5-..8-5-", "r---..5-8-5-r-..", "r-.r-.5-..8-5-3-"),
            31,
            48,
            2,
            reverb=0.0,
        ),
        Part(
            "skank",
            "chords",
            ("clean guitar", "piano", "organ"),
            ("....x.......x...", "....x.x.....x.x.", "....x.......x..x"),
            57,
            74,
            -6,
            pan=0.3,
            reverb=0.2,
            echo=0.3,
        ),
        Part(
            "bubble",
            "chords",
            ("organ",),
            ("..x.x.x...x.x.x.", "..x...x...x...x."),
            52,
            67,
            -12,
            pan=-0.35,
            reverb=0.15,
        ),
        Part(
            "horn",
            "melody",
            ("reed", "square lead", "flute"),
            ("x-----..........", "x-x-x---........", "..x-x-..x---....", "........x-x-x---"),
            60,
            79,
            -7,
            pan=-0.1,
            reverb=0.4,
            echo=0.7,
        ),
    ),
    forms=(
        sections(
            """
            riddim 2 A 0.7 drums bass
            version 2 A 0.9 drums bass skank bubble
            horns 2 B 1.0 drums bass skank bubble horn
            dub 2 A 0.8 drums bass horn
            """
        ),
        sections(
            """
            skank 1 A 0.6 skank bubble drums
            verse 3 A 0.9 drums bass skank bubble
            space 1 A 0.6 drums horn
            back 3 B 1.0 drums bass skank bubble horn
            """
        ),
        sections(
            """
            horn 1 A 0.7 horn bubble
            roots 4 A 0.9 drums bass skank bubble horn
            dub 3 B 0.8 drums bass skank
            """
        ),
    ),
    loudness=-15,
    room=2.4,
    echo_beats=0.75,
    humanise=0.006,
    ending="fade",
)

_CHIP_FILL = "kick x...x...x.......\nsnare ....x...x.x.xxxx"
CHIPTUNE = Style(
    name="Chiptune",
    crashes=True,
    bpm=(126, 168),
    major=("C F G C", "C G Am F", "F G C Am", "C Bb F C", "C E7 Am F/G"),
    minor=("Cm Ab Bb Cm", "Cm Eb Bb G7", "Cm Bb Ab G7", "Ab Bb Cm Cm"),
    major_scale="major",
    minor_scale="harmonic minor",
    minor_share=0.4,
    kits=("chip",),
    grooves=(
        groove("kick x...x...x...x...\nsnare ....x.......x...\nhat ..x...x...x...x.", fill=_CHIP_FILL),
        groove("kick x.....x.x.......\nsnare ....x.......x..x\nhat x.x.x.x.x.x.x.x.", fill=_CHIP_FILL),
        groove("kick x..x..x.x..x..x.\nsnare ....x.......x...\nhat xoxoxoxoxoxoxoxo", fill=_CHIP_FILL),
    ),
    drum_gain=-3,
    drum_reverb=0.0,
    humanise=0.0,
    parts=(
        Part(
            "bass",
            "bass",
            ("chip triangle", "pulse 50"),
            ("r.8.r.8.r.8.r.8.", "rr.rr.r.rr.rr.8.", "r-r-5-5-8-8-5-5-", "r.r.8.r.5.r.8.a."),
            36,
            55,
            -1,
            reverb=0.0,
        ),
        Part(
            "arp",
            "arp",
            ("pulse 12", "pulse 25"),
            ("0120120120120120", "0210210202102102", "0.1.2.3.2.1.0.1.", "0123210301232103"),
            60,
            76,
            -9,
            pan=-0.4,
            reverb=0.0,
        ),
        Part(
            "lead",
            "melody",
            ("pulse 50", "pulse 25", "pulse 12"),
            ("x-x-x.x-x---x-x-", "x.xxx.x.x.xxx.x.", "x---x-x-x-x-x---", "x-.x-.x-x-.x-.x-", "xxx.x.x.x---...."),
            64,
            88,
            -4,
            pan=0.15,
            reverb=0.04,
            echo=0.25,
        ),
        Part(
            "echo",
            "melody",
            ("pulse 25", "chip triangle"),
            ("x-------x-------", "x---x---x---x---", "....x---....x---"),
            57,
            74,
            -11,
            pan=0.45,
            reverb=0.0,
            echo=0.2,
        ),
    ),
    forms=(
        sections(
            """
            start 1 A 0.8 arp bass
            world 3 A 0.95 drums bass arp lead
            boss 2 B 1.0 drums bass lead echo
            win 2 A 1.0 drums bass arp lead echo
            """
        ),
        sections(
            """
            title 2 A 0.9 bass lead
            level 3 A 0.95 drums bass arp lead
            bonus 3 B 1.0 drums bass arp lead echo
            """
        ),
        sections(
            """
            run 3 A 0.95 drums bass lead
            cave 2 B 0.8 bass arp echo
            run 3 A 1.0 drums bass arp lead
            """
        ),
    ),
    loudness=-15,
    room=0.5,
)
