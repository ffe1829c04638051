"""A nylon guitar, the clave on the rim, a quiet melody."""

from __future__ import annotations

from spotistream.demo.styles import Part, Style, groove, sections

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
            ("x-..x-.x-...x-..", "x-.x-..x..x-.x-.", "..x-..x-.x-..x-."),
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
