"""The styles played by hands: rock, folk, jazz, classical piano, bossa nova."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

_ROCK_FILL = "kick X.......x.......\nsnare ....X...X.xxX.X.\ntom ..........x.xxxx\nhat x.x.x.x........."
ROCK = Style(
    name="Rock",
    crashes=True,
    bpm=(104, 152),
    major=("C5 G5 A5 F5", "C5 F5 G5 F5", "C5 Bb5 F5 C5", "A5 F5 C5 G5", "C5 E5 A5 F5"),
    minor=("C5 Ab5 Eb5 Bb5", "C5 Eb5 F5 Ab5", "C5 Bb5 Ab5 G5", "C5 C5 Eb5/F5 C5"),
    major_scale="major",
    minor_scale="blues",
    minor_share=0.5,
    kits=("rock", "studio"),
    grooves=(
        groove("kick X.....x.X.x.....\nsnare ....X.......X...\nhat x.x.x.x.x.x.x.x.", fill=_ROCK_FILL),
        groove(
            "kick X..x....X..x..x.\nsnare ....X.......X...\nride x...x...x...x...\nhat ..x...x...x...x.",
            fill=_ROCK_FILL,
        ),
        groove("kick X.x.......X.x...\nsnare ....X.......X..o\nopen x...x...x...x...", fill=_ROCK_FILL),
        groove("kick X...X...X...X...\nsnare ....X.......X...\nhat xxx.xxx.xxx.xxx.", fill=_ROCK_FILL),
    ),
    drum_gain=1.0,
    drum_reverb=0.12,
    humanise=0.005,
    parts=(
        Part(
            "bass",
            "bass",
            ("finger bass", "round bass"),
            ("r.r.r.r.r.r.r.r.", "r-.rr-.rr-.rr-5a", "r---r-r-r---8-5-"),
            28,
            45,
            -2,
            reverb=0.0,
        ),
        Part(
            "left_guitar",
            "chords",
            ("electric guitar",),
            ("X-------x-x-x---", "X.xxX.xxX.xxX.xx", "X-x-X-x-X-x-X-x-", "X---------x-x-x-", "X--x--x-X--x--x-"),
            40,
            64,
            -6,
            pan=-0.6,
            reverb=0.1,
            drive=6.0,
        ),
        Part(
            "right_guitar",
            "chords",
            ("electric guitar", "clean guitar"),
            ("X---------------", "x.x.x.x.x.x.x.x.", "X-------X-------"),
            45,
            69,
            -8,
            pan=0.6,
            reverb=0.12,
            drive=4.0,
        ),
        Part(
            "solo",
            "melody",
            ("electric guitar", "organ"),
            ("x---x-x-x---x---", "x-x-x---x-x-x-x-", "..x-x-x-x-------", "x-----x-x-x-x---"),
            62,
            83,
            -7,
            pan=0.1,
            reverb=0.3,
            echo=0.25,
            drive=5.0,
        ),
    ),
    forms=(
        sections(
            """
            riff 1 A 0.8 left_guitar
            verse 3 A 0.85 drums bass left_guitar
            chorus 2 B 1.0 drums bass left_guitar right_guitar
            solo 2 A 1.0 drums bass left_guitar right_guitar solo
            """
        ),
        sections(
            """
            count 1 A 0.8 drums bass
            verse 2 A 0.85 drums bass right_guitar
            chorus 3 B 1.0 drums bass left_guitar right_guitar solo
            break 2 A 0.9 drums bass left_guitar
            """
        ),
        sections(
            """
            hook 2 A 0.8 left_guitar solo
            verse 3 A 0.9 drums bass left_guitar
            chorus 3 B 1.0 drums bass left_guitar right_guitar solo
            """
        ),
    ),
    loudness=-13.5,
    room=1.2,
)

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

_CLAVE = "rim x..x..x...x..x.."
BOSSA_NOVA = Style(
    name="Bossa Nova",
    bpm=(118, 142),
    major=(
        "Cmaj9 D9 Dm9 G13",
        "Cmaj9 Am9 Dm9 G7b9",
        "Fmaj9 Fm6 Em7 A7b9",
        "C69 Ebdim7 Dm9 G13",
        "Cmaj7 Bb13 Cmaj7 A7b9",
    ),
    minor=("Cm9 Fm9 Dm7b5 G7b9", "Cm9 Abmaj7 Fm9 G7b9", "Cm6 Cm6 Dm7b5 G7b9", "Fm9 Bb13 Ebmaj9 G7b9"),
    major_scale="major",
    minor_scale="dorian",
    minor_share=0.4,
    kits=("hand", "jazz"),
    grooves=(
        groove(
            f"{_CLAVE}\nkick x..ox..ox..ox..o\nshaker xoxoxoxoxoxoxoxo",
            fill=f"{_CLAVE}\nkick x..ox..ox..ox..o\nconga ........x.xx.x.x",
        ),
        groove(f"{_CLAVE}\nkick x..ox..ox..ox..o\nhat o.x.o.x.o.x.o.x.", fill=f"{_CLAVE}\nsnare ........o.oo.o.x"),
        groove("kick x..ox..ox..ox..o\nshaker xoxoxoxoxoxoxoxo\nconga ..x...x...x..xx.", fill="conga x.xx.x.xx.xx.xxx"),
    ),
    drum_gain=-7,
    drum_reverb=0.1,
    humanise=0.007,
    parts=(
        Part(
            "guitar",
            "chords",
            ("nylon guitar",),
            ("x-..x-.x-..x-..", "x-.x-..x..x-.x-.", "..x-..x-.x-..x-."),
            52,
            72,
            0,
            pan=-0.25,
            reverb=0.12,
        ),
        Part(
            "bass",
            "bass",
            ("upright bass", "finger bass"),
            ("r-----5-5-----r-", "r-----5-r-----5-", "r-----5-8-----5-"),
            31,
            48,
            -3,
            reverb=0.03,
        ),
        Part(
            "voice",
            "melody",
            ("flute", "reed", "vibraphone", "nylon guitar"),
            ("x---..x-x---x---", "..x-..x-..x-x---", "x-----x---x-x-x-", "....x-x-x-----x-", "x---x-----x-----"),
            62,
            81,
            -4,
            pan=0.15,
            reverb=0.3,
        ),
        Part(
            "keys",
            "chords",
            ("electric piano", "strings", "glass pad"),
            ("x---------------",),
            55,
            74,
            -12,
            pan=0.3,
            reverb=0.35,
        ),
    ),
    forms=(
        sections(
            """
            guitar 1 A 0.7 guitar
            verse 3 A 0.85 guitar bass voice drums
            bridge 2 B 0.9 guitar bass keys drums
            last 2 A 1.0 guitar bass voice keys drums
            """
        ),
        sections(
            """
            sway 2 A 0.7 guitar bass drums
            song 3 A 0.9 guitar bass voice drums
            lift 3 B 1.0 guitar bass voice keys drums
            """
        ),
        sections(
            """
            hum 1 A 0.7 guitar voice
            beach 4 A 0.85 guitar bass voice drums
            evening 3 B 0.9 guitar bass keys voice drums
            """
        ),
    ),
    loudness=-18,
    room=1.3,
)
