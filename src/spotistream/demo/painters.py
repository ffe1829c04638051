"""Pictures for covers: each painter fills a square canvas from a palette and a generator of random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from spotistream.demo.palette import Colour, Palette, mixed

Painter = Callable[[Image.Image, Palette, np.random.Generator], None]


def gradient(canvas: Image.Image, top: Colour, bottom: Colour) -> None:
    """Fill the canvas from ``top`` to ``bottom``."""
    size = canvas.size[1]
    share = np.linspace(0, 1, size)[:, None, None]
    column = (1 - share) * np.array(top) + share * np.array(bottom)
    canvas.paste(Image.fromarray(np.repeat(column, canvas.size[0], axis=1).round().astype(np.uint8)))


def _pick(rng: np.random.Generator, palette: Palette) -> Colour:
    return palette.colours[rng.integers(len(palette.colours))]


def hills(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """A sun over ridges that darken towards the viewer."""
    s = canvas.size[0]
    gradient(canvas, mixed(palette.ground, palette.colours[1], 0.35), palette.colours[4])
    draw = ImageDraw.Draw(canvas)
    radius, x, y = s * rng.uniform(0.1, 0.2), s * rng.uniform(0.25, 0.75), s * rng.uniform(0.22, 0.42)
    draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=mixed(palette.colours[3], (255, 250, 235), 0.55)
    )
    t = np.linspace(0, 1, 160)
    for layer in range(6):
        height = 0.42 + 0.1 * layer
        wave = np.sum(
            [
                rng.uniform(0.2, 1) / k * np.sin(2 * np.pi * (k * t * rng.uniform(0.5, 1.1) + rng.random()))
                for k in (1, 2, 3, 5, 9)
            ],
            axis=0,
        )
        line = s * (height - 0.035 * wave)
        colour = mixed(
            mixed(palette.colours[4], palette.colours[1], 0.3), mixed(palette.colours[0], (10, 12, 25), 0.45), layer / 5
        )
        draw.polygon([(0, s), *zip(s * t, line, strict=True), (s, s)], fill=colour)


def outrun(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """A striped sun above a grid that runs to the horizon."""
    s = canvas.size[0]
    night = mixed(palette.colours[0], (8, 4, 30), 0.75)
    gradient(canvas, night, palette.colours[2])
    draw = ImageDraw.Draw(canvas)
    for x, y in zip(rng.random(70) * s, rng.random(70) ** 1.5 * s * 0.45, strict=True):
        draw.ellipse((x, y, x + 3, y + 3), fill=(255, 255, 255))
    horizon, radius, x = s * 0.62, s * rng.uniform(0.22, 0.3), s * rng.uniform(0.4, 0.6)
    top, bottom = np.array(mixed(palette.colours[4], (255, 240, 150), 0.5)), np.array(palette.colours[1])
    centre = horizon - radius * rng.uniform(0.35, 0.75)
    for row in range(int(centre - radius), int(min(horizon, centre + radius))):
        share = (row - centre + radius) / (2 * radius)
        if share > 0.45 and (share * 16) % 1 < (share - 0.35) * 0.8:
            continue
        half = np.sqrt(max(0.0, radius**2 - (row - centre) ** 2))
        draw.line((x - half, row, x + half, row), fill=tuple(int(v) for v in (1 - share) * top + share * bottom))
    draw.rectangle((0, horizon, s, s), fill=mixed(night, (0, 0, 0), 0.3))
    glow = mixed(palette.colours[3], (255, 255, 255), 0.25)
    for i in range(-14, 15):
        draw.line((s / 2 + i * s * 0.045, horizon, s / 2 + i * s * 0.3, s), fill=glow, width=3)
    for k in range(11):
        row = horizon + (s - horizon) * (k / 10) ** 2.2
        draw.line((0, row, s, row), fill=glow, width=3)


def tiles(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Quarter circles, half circles and dots on a grid."""
    s, count = canvas.size[0], int(rng.integers(3, 6))
    draw, step = ImageDraw.Draw(canvas), s / count
    for row in range(count):
        for column in range(count):
            x, y = column * step, row * step
            back, front = (palette.colours[i] for i in rng.permutation(5)[:2])
            if rng.random() < 0.3:
                back = palette.ground
            draw.rectangle((x, y, x + step, y + step), fill=back)
            kind, turn = rng.integers(4), int(rng.integers(4))
            if kind < 2:
                cx, cy = x + step * (turn in (1, 2)), y + step * (turn in (2, 3))
                for share, colour in ((1.0, front), (0.5, back if kind else palette.ink)):
                    r = step * share
                    draw.pieslice(
                        (cx - r, cy - r, cx + r, cy + r),
                        (0, 90, 180, 270)[turn],
                        (90, 180, 270, 360)[turn],
                        fill=colour,
                    )
            elif kind == 2:
                draw.pieslice((x, y, x + step, y + step), 90 * turn, 90 * turn + 180, fill=front)
            else:
                draw.ellipse((x + step * 0.2, y + step * 0.2, x + step * 0.8, y + step * 0.8), fill=front)


def rings(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Broken concentric rings, like a record in motion."""
    s = canvas.size[0]
    canvas.paste(palette.ground, (0, 0, s, s))
    draw = ImageDraw.Draw(canvas)
    x, y = s * rng.uniform(0.25, 0.75), s * rng.uniform(0.25, 0.6)
    width = s * rng.uniform(0.028, 0.05)
    for ring in range(int(0.95 * s / width), 0, -1):
        r = ring * width
        start, sweep = rng.uniform(0, 360), rng.uniform(80, 330)
        box = (x - r, y - r, x + r, y + r)
        draw.arc(
            box,
            start,
            start + sweep,
            fill=palette.colours[(ring * 2 + int(rng.integers(2))) % 5],
            width=int(width * 0.72),
        )
    r = width * 1.1
    draw.ellipse((x - r, y - r, x + r, y + r), fill=palette.ink)


def ridges(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Stacked lines that rise in the middle, each hiding those behind."""
    s = canvas.size[0]
    canvas.paste(palette.ground, (0, 0, s, s))
    draw = ImageDraw.Draw(canvas)
    t = np.linspace(0, 1, 140)
    centre, spread = rng.uniform(0.38, 0.62), rng.uniform(0.13, 0.22)
    rows = 26
    for row in range(rows):
        bumps = sum(
            rng.uniform(0.2, 1.0) * np.exp(-(((t - centre - rng.normal(0, spread)) / rng.uniform(0.02, 0.07)) ** 2))
            for _ in range(7)
        )
        y = s * (0.2 + 0.56 * row / rows) - s * 0.085 * bumps + s * 0.002 * rng.normal(size=140)
        points = list(zip(s * (0.1 + 0.8 * t), y, strict=True))
        draw.polygon([(s * 0.1, s * 0.84), *points, (s * 0.9, s * 0.84)], fill=palette.ground)
        draw.line(points, fill=mixed(palette.colours[2], palette.colours[4], row / rows), width=4, joint="curve")


def ribbons(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Particles that follow a slow field and leave their paths."""
    s = canvas.size[0]
    gradient(canvas, palette.ground, mixed(palette.ground, palette.colours[0], 0.45))
    draw = ImageDraw.Draw(canvas)
    a, b, c, d = rng.uniform(0.7, 2.2, 4)
    p, q = rng.uniform(0, 6.28, 2)
    x, y = rng.random(420), rng.random(420)
    paths = [np.stack([x, y], axis=1)]
    for _ in range(60):
        angle = 1.9 * np.sin(2 * np.pi * (a * x + 0.4 * b * y) * 0.5 + p) + 1.7 * np.cos(
            2 * np.pi * (c * y - 0.3 * d * x) * 0.5 + q
        )
        x, y = x + 0.007 * np.cos(angle), y + 0.007 * np.sin(angle)
        paths.append(np.stack([x, y], axis=1))
    track = np.stack(paths, axis=1) * s
    for line in track:
        points = [(float(px), float(py)) for px, py in line]
        draw.line(points, fill=_pick(rng, palette), width=int(rng.integers(2, 12)), joint="curve")


def leaves(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Stems with paired leaves."""
    s = canvas.size[0]
    gradient(canvas, palette.ground, mixed(palette.ground, palette.colours[4], 0.4))
    draw = ImageDraw.Draw(canvas)
    r, x, y = s * rng.uniform(0.18, 0.3), s * rng.uniform(0.3, 0.7), s * rng.uniform(0.28, 0.45)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=palette.colours[3])
    for stem in range(int(rng.integers(4, 7))):
        base, lean = s * rng.uniform(0.05, 0.95), rng.uniform(-0.5, 0.5)
        length, colour = s * rng.uniform(0.5, 0.85), palette.colours[stem % 3]
        nodes = np.linspace(0, 1, 10)
        spine = [(base + lean * length * k**1.6, s * 1.02 - length * k) for k in nodes]
        draw.line(spine, fill=colour, width=7, joint="curve")
        for i in range(2, 10):
            for side in (-1, 1):
                size = s * 0.13 * (1.15 - nodes[i])
                _leaf(draw, spine[i], -np.pi / 2 + lean + side * 0.85, size, colour)
        _leaf(draw, spine[-1], -np.pi / 2 + lean, s * 0.08, colour)


def _leaf(draw: ImageDraw.ImageDraw, root: tuple[float, float], angle: float, length: float, colour: Colour) -> None:
    t = np.linspace(0, 1, 14)
    half = 0.22 * length * np.sin(np.pi * t**0.8)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    upper = np.array(root) + length * t[:, None] * along + half[:, None] * across
    lower = np.array(root) + length * t[::-1, None] * along - half[::-1, None] * across
    draw.polygon([(float(px), float(py)) for px, py in np.vstack([upper, lower])], fill=colour)
