"""Power chords left and right, a drum kit, a guitar solo."""

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
