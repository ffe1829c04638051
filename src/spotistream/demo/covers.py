"""Album covers, drawn by code: a painter and a palette of the style's, the title set in a place that reads."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from spotistream.demo.painters import Painter, hills, leaves, outrun, ribbons, ridges, rings, tiles
from spotistream.demo.painters_geometric import blocks, clouds, keys, rays, shards, sprite
from spotistream.demo.palette import Palette, draw_palette, luminance

SIDE = 512
OVERSAMPLING = 2


@dataclass(frozen=True)
class Look:
    """How a style's covers look: painters to choose from, and the arguments of palette.draw_palette."""

    painters: tuple[Painter, ...]
    hues: tuple[int, int]
    dark: float
    chroma: float = 1.0


LOOKS: dict[str, Look] = {
    "House": Look((tiles, rings, clouds), (0, 360), dark=0.4, chroma=1.1),
    "Rock": Look((rays, shards, hills), (0, 60), dark=0.7, chroma=1.1),
    "Ambient": Look((clouds, ribbons, hills), (160, 300), dark=0.5, chroma=0.75),
    "Hip-Hop": Look((blocks, clouds, tiles), (20, 110), dark=0.5, chroma=0.85),
    "Jazz": Look((tiles, blocks, keys), (200, 420), dark=0.35, chroma=0.95),
    "Techno": Look((ridges, rings, keys), (180, 320), dark=1.0, chroma=0.8),
    "Folk": Look((leaves, leaves, hills, ribbons, clouds), (40, 160), dark=0.15, chroma=0.75),
    "Synthwave": Look((outrun, outrun, hills, ridges), (285, 375), dark=1.0, chroma=1.45),
    "Classical Piano": Look((keys, clouds, leaves), (20, 280), dark=0.25, chroma=0.55),
    "Drum & Bass": Look((shards, ribbons, ridges), (100, 300), dark=0.85, chroma=1.1),
    "Bossa Nova": Look((leaves, tiles, hills), (30, 230), dark=0.1, chroma=1.0),
    "Reggae & Dub": Look((rings, rays, tiles), (25, 150), dark=0.6, chroma=1.15),
    "Chiptune": Look((sprite, sprite, blocks), (0, 360), dark=0.85, chroma=1.35),
}


def draw_cover(style: str, *, seed: tuple[int, ...], artist: str, title: str, lettering: bool = True) -> Image.Image:
    """The cover of an album, RGB, ``SIDE`` pixels square. The same arguments give the same picture."""
    rng = np.random.default_rng(seed)
    look = LOOKS[style]
    palette = draw_palette(rng, hues=look.hues, dark=look.dark, chroma=look.chroma)
    canvas = Image.new("RGB", (SIDE * OVERSAMPLING,) * 2, palette.ground)
    look.painters[rng.integers(len(look.painters))](canvas, palette, rng)
    if lettering:
        _letter(canvas, palette, rng, artist, title)
    return canvas.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _letter(canvas: Image.Image, palette: Palette, rng: np.random.Generator, artist: str, title: str) -> None:
    """Title and artist: on a band at the foot, or in a corner where the picture is calm enough."""
    s = canvas.size[0]
    draw = ImageDraw.Draw(canvas)
    capital = rng.random() < 0.5
    title, artist = _plain(title), _plain(artist)
    shown = title.upper() if capital else title
    title_font, artist_font = _fitted(shown, 0.86 * s, 0.068 * s), _fitted(artist, 0.86 * s, 0.042 * s)
    if rng.random() < 0.6:
        draw.rectangle((0, 0.8 * s, s, s), fill=palette.ground)
        ink, top = palette.ink, 0.826 * s
    else:
        region = np.asarray(canvas.crop((int(0.05 * s), int(0.82 * s), int(0.8 * s), int(0.97 * s))), dtype=np.float64)
        _shade(canvas, dark=luminance(tuple(region.reshape(-1, 3).mean(axis=0))) < 0.6)
        light = luminance(tuple(region.reshape(-1, 3).mean(axis=0))) < 0.6
        ink, top = ((255, 255, 255) if light else (20, 20, 28)), 0.83 * s
        draw = ImageDraw.Draw(canvas)
    draw.text((0.06 * s, top), shown, font=title_font, fill=ink)
    draw.text((0.06 * s, top + 0.092 * s), artist, font=artist_font, fill=ink)


def _shade(canvas: Image.Image, *, dark: bool) -> None:
    """Fade the foot of the picture to black or white, so that letters on it read."""
    s = canvas.size[0]
    strength = np.clip((np.arange(s) / s - 0.68) / 0.2, 0, 1) * 0.72
    mask = Image.fromarray(np.repeat((255 * strength).astype(np.uint8)[:, None], s, axis=1))
    canvas.paste((10, 10, 18) if dark else (250, 250, 246), (0, 0, s, s), mask)


def _plain(text: str) -> str:
    """``text`` without accents: Pillow's own font has none."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _fitted(text: str, width: float, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font at ``size`` pixels, or smaller until the text is no wider than ``width``."""
    font = ImageFont.load_default(size)
    wide = font.getlength(text)
    return ImageFont.load_default(size * min(1.0, width / wide))
