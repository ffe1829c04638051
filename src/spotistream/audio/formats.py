"""Audio formats: the endings of file names, and the first bytes that give a format away whatever the name says."""

from __future__ import annotations

import re

AUDIO_SUFFIXES = frozenset((
    ".mp3", ".mp2", ".ogg", ".oga", ".opus", ".flac", ".wav", ".wave", ".w64", ".rf64", ".aif", ".aiff", ".aifc", ".au",
    ".m4a", ".m4b", ".aac", ".ac3", ".wma", ".asf", ".ape", ".wv", ".mpc", ".mp+", ".mpp", ".dsf", ".dff", ".tta",
    ".tak", ".mka", ".weba", ".caf", ".amr",
))  # fmt: skip
"""Endings, lower case, of files that are expected to be audio: what cannot be decoded of them is reported."""

HEAD_BYTES = 64
"""How many bytes of a file :func:`sniff` looks at."""

_MAGIC = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in (
        ("flac", rb"fLaC"),
        ("opus", rb"OggS.{24}.?OpusHead"),
        ("ogg", rb"OggS"),
        ("wav", rb"(RIFF|RF64|RIFX).{4}WAVE"),
        ("w64", rb"riff\x2e\x91\xcf\x11"),
        ("aiff", rb"FORM.{4}AIF[FC]"),
        ("m4a", rb".{4}ftyp(M4A |M4B |mp4[12]|isom|iso2|dash|qt  )"),
        ("wma", rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
        ("ape", rb"MAC "),
        ("wv", rb"wvpk"),
        ("mpc", rb"MP\+|MPCK"),
        ("dsf", rb"DSD \x1c"),
        ("dff", rb"FRM8.{8}DSD "),
        ("tta", rb"TTA[12]"),
        ("tak", rb"tBaK"),
        ("mka", rb"\x1a\x45\xdf\xa3"),
        ("caf", rb"caff\x00\x01"),
        ("au", rb"\.snd\x00\x00"),
        ("amr", rb"#!AMR"),
        ("mp3", rb"ID3[\x02-\x04]"),
        ("aac", rb"\xff[\xf0\xf1\xf8\xf9]"),
        ("mp3", rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"),
    )
)
_WEAK = frozenset({"aac", "mka", "mp3", "m4a"})

_OTHER = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in (
        ("a JPEG picture", rb"\xff\xd8\xff"),
        ("a PNG picture", rb"\x89PNG\r\n"),
        ("a GIF picture", rb"GIF8"),
        ("a WebP picture", rb"RIFF.{4}WEBP"),
        ("a PDF document", rb"%PDF-"),
        ("a ZIP archive", rb"PK\x03\x04"),
        ("a compressed archive", rb"\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ"),
        ("a web page", rb"\s*<(!doctype|html|\?xml|!DOCTYPE|HTML)"),
        ("zero bytes only", rb"\x00{64}$"),
        ("plain text", rb"[\t\n\r\x20-\x7e\x80-\xf4]{1,64}$"),
    )
)


def sniff(head: bytes) -> str | None:
    """The audio format that the first bytes show, or None.

    head : first HEAD_BYTES of a file, fewer where it is shorter

    >>> sniff(b"fLaC" + bytes(60)), sniff(b"# Read me")
    ('flac', None)
    """
    return next((name for name, pattern in _MAGIC if pattern.match(head)), None)


def is_surely_audio(head: bytes) -> bool:
    """True where the first bytes belong to audio and to hardly anything else: enough for a file of any name.

    A bare MPEG frame is two bytes that other files have by chance, and MP4 and Matroska are mostly films.
    """
    return head[:4] in (b"ID3\2", b"ID3\3", b"ID3\4") or head[4:11] == b"ftypM4A" or sniff(head) not in _WEAK | {None}


def looks_like(head: bytes) -> str | None:
    """What a file that is not audio seems to be, in words with an article, or None.

    >>> looks_like(b"%PDF-1.7"), looks_like(b"Dear reader,")
    ('a PDF document', 'plain text')
    """
    return next((name for name, pattern in _OTHER if pattern.match(head)), None)
