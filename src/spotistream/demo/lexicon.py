"""Words from which each style's artists and titles are made. Invented names; none is that of a known artist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lexicon:
    """The words of a style.

    artists : whole names of acts; first, last : for names of people, where the style has them
    describing, things, places : for titles; whole : finished titles; numbered : the form that takes a number, or empty
    """

    describing: tuple[str, ...]
    things: tuple[str, ...]
    places: tuple[str, ...]
    whole: tuple[str, ...]
    artists: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    numbered: str = ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))


LEXICONS: dict[str, Lexicon] = {
    "House": Lexicon(
        artists=_words(
            """
            Velvet Arcade, Mira Sol Sound, Copper District, Night Ferry Club, Paloma Drift, Sunday Circuit,
            Marble Hours, Terrace 41
            """
        ),
        describing=_words("Golden, Late, Endless, Velvet, Warm, Silver, Slow, Open, Midnight, Lucky"),
        things=_words(
            """
            Motion, Feeling, Balcony, Groove, Signal, Summer, Mirror, Weekend, Shoreline, Glow, Elevator
            """
        ),
        places=_words("the Terrace, Platform Nine, the Marina, Calle Norte, the Back Room, Warehouse Row"),
        whole=_words(
            """
            Keep It Turning, Stay Until Four, Hands Up High, Say It Twice, Closer Than Before, Last Train Home
            """
        ),
    ),
    "Rock": Lexicon(
        artists=_words(
            """
            The Rust Harbours, Paper Sirens, Granite Youth, The Velvet Brakes, Motel Cartography, Static
            Orchard, The Long Shifts, Crowbar Summer
            """
        ),
        describing=_words("Broken, Loud, Burning, Wild, Electric, Empty, Restless, Crooked, Hollow, Reckless"),
        things=_words(
            """
            Engine, Highway, Thunder, Television, Parking Lot, Heart, Matches, Radio, Gravel, Fuse, Skyline
            """
        ),
        places=_words("the Valley, Exit 29, the Quarry, Main Street, the Overpass, Harbour Road"),
        whole=_words(
            """
            Turn It Over, Nothing to Lose But Time, We Were the Noise, Run the Red Light, Hold the Line Down,
            Out of Fuel
            """
        ),
    ),
    "Ambient": Lexicon(
        artists=_words(
            """
            Halden Mist, Low Tide Archive, Ysolde Fields, Northern Aperture, Quiet Geometry, Lumen Vale, Isobar,
            The Slow Atlas
            """
        ),
        describing=_words("Distant, Pale, Floating, Silent, Frozen, Weightless, Soft, Drifting, Amber, Hidden"),
        things=_words(
            """
            Horizon, Snowfall, Lichen, Water, Constellation, Breath, Harbour, Cloud, Lantern, Dust, Estuary
            """
        ),
        places=_words("the Fjord, Sea Ice, the Observatory, a Glass House, the Upper Air, the Tundra"),
        whole=_words(
            """
            Before the Thaw, What the Lake Remembers, Hours Without Names, Light Through Leaves, A Room of Rain,
            Everything at Rest
            """
        ),
    ),
    "Hip-Hop": Lexicon(
        artists=_words(
            """
            Dusty Ledger, Cornerstone Ray, Mello Vance, Kasper Loop, The Attic Tapes, Brick & Saffron, Oddly
            Even, Needle Theory
            """
        ),
        describing=_words("Cold, Smoky, Lazy, Dusty, Late, Cheap, Slow, Rainy, Broke, Blue"),
        things=_words(
            """
            Coffee, Pavement, Change, Sneakers, Corner, Vinyl, Bodega, Bus Pass, Receipts, Stairwell, Notebook
            """
        ),
        places=_words("the Block, 6th & Linden, the Rooftop, the Laundromat, Apartment 4B, the Night Bus"),
        whole=_words(
            """
            Nothing but Samples, Rent Is Due, Two Turntables Down, Talk Is Free, Back Before Noon, Still on the
            Stoop
            """
        ),
    ),
    "Jazz": Lexicon(
        first=_words("Desmond, Odette, Lionel, Marguerite, Clyde, Theodora, Emile, Hattie, Roland, Vera"),
        last=_words(
            """
            Ashgrove, Delacourt, Pemberly, Quarles, Lindqvist, Marchetti, Bellweather, Okonjo, Tremaine,
            Villeray
            """
        ),
        describing=_words("Blue, Crooked, Late, Elegant, Sudden, Quiet, Second, Borrowed, Autumn, Smiling"),
        things=_words(
            """
            Waltz, Umbrella, Alibi, Cigarette, Letter, Avenue, Stroll, Whisper, Overcoat, Encore, Saxophone
            """
        ),
        places=_words("Rue Lamarck, the Blue Door, 53rd Street, the Savoyard, the Ferry Landing, Table Six"),
        whole=_words(
            """
            One for the Doorman, Minor Inconvenience, Walking Out on Monday, If You Must Know, Not Quite
            Midnight, Half a Mind
            """
        ),
    ),
    "Techno": Lexicon(
        artists=_words(
            """
            Kessel 9, Oblast Null, Vanta Werk, Strom & Stahl, Parallax Bunker, Hexagon Tide, Rotor Kinetik,
            Substation K
            """
        ),
        describing=_words("Iron, Black, Parallel, Binary, Heavy, Hollow, Grey, Kinetic, Cold, Analog"),
        things=_words(
            """
            Turbine, Concrete, Current, Reactor, Sequence, Voltage, Corridor, Piston, Circuit, Grid, Pressure
            """
        ),
        places=_words("Hall 7, the Kraftwerk, Sector Delta, the Tunnel, Level Minus Two, the Foundry"),
        whole=_words(
            """
            No Exit Signal, Force Feedback, Phase Shifted, Error Correction, Permanent Night, Machine Room
            """
        ),
        numbered="Pattern {}",
    ),
    "Folk": Lexicon(
        first=_words("Orla, Tobias, Maren, Silas, Ingrid, Fergus, Linnea, Wendell, Aoife, Jonas"),
        last=_words(
            """
            Fennimore, Hollowell, Brackwater, Thornby, Askeland, Merriweather, Larkspur, Dunmore, Wren, Oakhurst
            """
        ),
        describing=_words("Old, Wandering, Winter, Silver, Little, Faithful, Lonesome, Early, Wild, Gentle"),
        things=_words("Sparrow, River, Lantern, Orchard, Thistle, Ferryman, Cradle, Rowan, Meadow, Harvest, Kettle"),
        places=_words("the Hill, Cold Harbour, the Mill, the Western Shore, Hazel Lane, the Low Road"),
        whole=_words(
            """
            Bring the Horses In, When the Barley Turns, Letters to My Brother, The Kindest Mile, Salt on the
            Window, Carry Me Over
            """
        ),
    ),
    "Synthwave": Lexicon(
        artists=_words(
            """
            Neon Meridian, Laser Palisade, Night Coupe, Miami Protocol, Chrome Horizon, Vector Avenue, Turbo
            Solace, Magenta Drive
            """
        ),
        describing=_words("Neon, Chrome, Midnight, Electric, Pink, Turbo, Digital, Infinite, Solar, Crystal"),
        things=_words(
            """
            Pursuit, Skyline, Arcade, Cassette, Boulevard, Dream, Interceptor, Sunset, Grid, Mirage, Horizon
            """
        ),
        places=_words("Ocean Drive, Sector 84, the Drive-In, Pacific Heights, the Mall, Palm Avenue"),
        whole=_words(
            """
            Insert Coin at Dusk, Chasing the Afterglow, Rewind My Heart, Full Tank and Nowhere, Hologram Girl,
            Stay in the Fast Lane
            """
        ),
    ),
    "Classical Piano": Lexicon(
        first=_words("Tadeusz, Elisaveta, Henrik, Clara-Marie, Anselm, Noemi, Lorenz, Ottoline, Matthias, Beatrix"),
        last=_words(
            """
            Wernicke, Halvorsen, Castellane, Brandvold, Szalay, Morgenthal, Ferrandini, Lindemuth, Vasarhely,
            Ostrova
            """
        ),
        describing=_words("Little, Evening, Forgotten, First, Winter, Tender, Solemn, Gentle, Second, Early"),
        things=_words(
            """
            Nocturne, Waltz, Prelude, Barcarolle, Romance, Impromptu, Elegy, Berceuse, Étude, Arabesque,
            Serenade
            """
        ),
        places=_words("the Garden, an Empty House, the Lake, Old Vienna, the Nursery, the Winter Palace"),
        whole=_words(
            """
            Album Leaf, Song Without a Singer, Rain on the Conservatory, Farewell to the Mountains, Dance of the
            Clockmaker, Remembering
            """
        ),
        numbered="Prelude No. {}",
    ),
    "Drum & Bass": Lexicon(
        artists=_words(
            """
            Kilo Kestrel, Tidal Relay, Subframe, Lowland Runners, Amber Division, Hypergreen, Foxglove System,
            Contour Lines
            """
        ),
        describing=_words("Liquid, Rapid, Deep, Fractal, Dark, Rolling, Lost, Solar, Hyper, Blind"),
        things=_words(
            """
            Velocity, Rainforest, Gravity, Breaker, Transit, Undertow, Satellite, Reflex, Altitude, Spiral,
            Echoes
            """
        ),
        places=_words("Junction 17, the Lowlands, Orbit, the Estate, the Riverbed, Zone Four"),
        whole=_words(
            """
            Faster Than Regret, Hold Your Frequency, Run With Me, Falling Upward, Into the Undergrowth, Second
            Wind
            """
        ),
    ),
    "Bossa Nova": Lexicon(
        first=_words("Marisol, Caetana, Thiago, Leonor, Rafael, Beatriz, Otávio, Luísa, Davi, Helena"),
        last=_words(
            """
            Figueira, Montanhês, Valadares, Carvalhal, Serrano, Bragança, Noronha, Tavarez, Aldeia, Pimentel
            """
        ),
        describing=_words("Soft, Quiet, Blue, Slow, Tender, Late, Summer, Sweet, Salty, Golden"),
        things=_words("Tide, Hammock, Sand, Breeze, Jasmine, Balcony, Morena, Rain, Sail, Orange Tree, Afternoon"),
        places=_words("Praia Azul, the Veranda, Rua das Flores, the Lagoon, Santa Clara, the Bay"),
        whole=_words(
            """
            Manhã Lenta, Sem Pressa, Água de Setembro, Two Chairs by the Sea, Saudade in Three Colours, Coração
            Aberto
            """
        ),
    ),
    "Reggae & Dub": Lexicon(
        artists=_words(
            """
            Hill Station Sound, Tamarind Hi-Fi, Brother Calloway, Roots Cartel, King Lantern, Harbour Dub
            Section, Sister Ionie, Zinc Fence Players
            """
        ),
        describing=_words("Heavy, Steady, Rising, Mighty, Sweet, Golden, Wise, Easy, Deep, Humble"),
        things=_words(
            """
            Riddim, Lion, River, Mango, Shepherd, Thunder, Mountain, Sunrise, Cane Field, Version, Echo Chamber
            """
        ),
        places=_words("Spring Garden, the Yard, Mount Pleasant, Zion Hill, the Dancehall, Orange Street Corner"),
        whole=_words(
            """
            Sound System Sunday, Bass Will Teach You, No More Trouble Today, Carry the Load, Wash Day Dub, Walk
            Good
            """
        ),
    ),
    "Chiptune": Lexicon(
        artists=_words(
            """
            Pixel Barista, 8-Bit Heron, Save Point Choir, Cartridge Kid, Mega Sprocket, Sprite Wizard, Continue
            Screen, Joypad Parade
            """
        ),
        describing=_words("Pixel, Tiny, Super, Hidden, Turbo, Secret, Final, Bouncing, Cosmic, Bonus"),
        things=_words("Dungeon, Castle, Coin, Slime, Rocket, Dragon, Powerup, Cavern, Robot, Potion, Boss"),
        places=_words("World 3-2, the Ice Level, the Water Temple, Save Room, Cloud Kingdom, the Credits"),
        whole=_words(
            """
            Press Start, Game Over Blues, One More Life, High Score Heart, Warp Zone Waltz, Jump Jump Dash
            """
        ),
    ),
}
