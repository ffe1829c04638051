"""One-drop drums, off-beat chords, a singing bass and much echo."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

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
