"""The styles made with machines, on the dance floor's side: house, techno, drum and bass, ambient."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

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

_TECHNO_FILL = "kick x...x...x.......\nsnare ........x.xxxxXX\nhat ..x...x...x...x."
TECHNO = Style(
    name="Techno",
    crashes=True,
    bpm=(129, 142),
    major=(),
    minor=("C5 C5 C5 C5", "Cm Cm Cm Db", "C5 C5 Eb5 C5", "Cm Cm Bbm Cm", "C5 C5 Db5 Db5"),
    major_scale="mixolydian",
    minor_scale="phrygian",
    minor_share=1.0,
    kits=("warehouse", "909"),
    grooves=(
        groove(
            "kick X...X...X...X...\nhat ..x...x...x...x.\nopen ..o...o...o...o.\nrim ...x.....x..x...",
            fill=_TECHNO_FILL,
        ),
        groove(
            "kick X...X...X...X...\nhat ooxoooxoooxoooxo\nclap ....x.......x...\ntom ......x..x....x.",
            fill=_TECHNO_FILL,
        ),
        groove(
            "kick X...X...X...X..o\nride x.x.x.x.x.x.x.x.\nclap ............x...\nrim x..x..x..x..x..x",
            fill=_TECHNO_FILL,
        ),
    ),
    drum_gain=2.0,
    drum_reverb=0.12,
    parts=(
        Part(
            "rumble",
            "bass",
            ("sub bass", "reese bass"),
            (".rrr.rrr.rrr.rrr", "..r-..r-..r-..r-", ".r.r.r.r.r.r.rr8"),
            29,
            41,
            -4,
            reverb=0.15,
            duck=0.8,
        ),
        Part(
            "acid",
            "arp",
            ("acid bass", "synth pluck"),
            ("0.0b.10.0.b0.2.0", "b00.3b0.b.01b.02", "0b.0.0b10.b.3.0.", "bb0.b.0bb3.b0.bb"),
            41,
            60,
            -6,
            pan=0.15,
            reverb=0.12,
            echo=0.3,
            sweep=True,
            drive=1.5,
        ),
        Part(
            "stab",
            "chords",
            ("supersaw", "organ", "synth pluck"),
            ("...x.....x......", "......x.....x...", "x..x............", "..........x..x.."),
            48,
            70,
            -10,
            pan=-0.25,
            reverb=0.5,
            echo=0.55,
            duck=0.3,
            sweep=True,
        ),
        Part(
            "air",
            "chords",
            ("strings", "warm pad"),
            ("x---------------",),
            60,
            80,
            -15,
            reverb=0.6,
            duck=0.6,
            sweep=True,
        ),
    ),
    forms=(
        sections(
            """
            kick 1 A 0.5 drums rumble
            machine 3 A 0.7 drums rumble acid
            hole 1 B 0.4 air stab acid
            peak 3 A 1.0 drums rumble acid stab air
            """
        ),
        sections(
            """
            line 1 A 0.3 acid
            drive 3 A 0.7 drums rumble acid
            warp 2 B 1.0 drums rumble stab air
            peak 2 A 1.0 drums rumble acid stab
            """
        ),
        sections(
            """
            stab 1 A 0.4 stab air
            pound 3 A 0.8 drums rumble stab
            riot 4 B 1.0 drums rumble acid stab air
            """
        ),
    ),
    loudness=-12.5,
    room=2.0,
    ending="fade",
)

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
