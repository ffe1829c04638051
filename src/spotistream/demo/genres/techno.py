"""A hard kick, a rumble, an acid line and hardly any harmony."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

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
