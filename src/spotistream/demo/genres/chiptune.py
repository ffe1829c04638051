"""Three pulse voices and noise, as from an old console."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

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
