"""spotistream: music streaming whose recommendations follow the listener while the music plays."""

__version__ = "0.1.0"
