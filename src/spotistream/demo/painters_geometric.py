"""More painters for covers, with the signature of painters.Painter: sprites, clouds of colour, bars, shards, rays."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from spotistream.demo.painters import gradient
from spotistream.demo.palette import Palette, mixed


def sprite(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """A creature of big pixels, mirrored, on a checked floor of night."""
    s, cells = canvas.size[0], 16
    gradient(canvas, palette.ground, mixed(palette.ground, palette.colours[0], 0.6))
    draw, step = ImageDraw.Draw(canvas), s / 16
    for x, y in rng.integers(0, 16, (26, 2)):
        draw.rectangle(
            (x * step + step * 0.4, y * step + step * 0.4, x * step + step * 0.6, y * step + step * 0.6),
            fill=palette.colours[4],
        )
    half = np.zeros((10, 6), dtype=int)
    profile = np.clip(3.2 + 2.2 * np.sin(np.linspace(0.3, 2.9, 10)) + rng.normal(0, 0.7, 10), 1, 6).astype(int)
    for row in range(10):
        half[row, : profile[row]] = 1 + (rng.random(profile[row]) < 0.25) + 2 * (rng.random(profile[row]) < 0.18)
    half[3:5, 2] = 9
    shades = {
        1: palette.colours[2],
        2: palette.colours[3],
        3: palette.colours[1],
        4: palette.colours[4],
        9: palette.ground,
    }
    for row in range(10):
        for column in range(6):
            if half[row, column]:
                for x in (cells // 2 + column, cells // 2 - 1 - column):
                    left, top = x * step, (row + 2) * step
                    draw.rectangle((left, top, left + step - 1, top + step - 1), fill=shades[int(half[row, column])])


def clouds(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Large blurred discs that melt into each other under one sharp circle."""
    s = canvas.size[0]
    small = Image.new("RGB", (s // 4, s // 4), mixed(palette.ground, palette.colours[1], 0.3))
    draw = ImageDraw.Draw(small)
    for i in range(9):
        r, x, y = rng.uniform(0.12, 0.36) * s / 4, rng.random() * s / 4, rng.random() * s / 4
        draw.ellipse((x - r, y - r, x + r, y + r), fill=palette.colours[i % 5])
    small = small.filter(ImageFilter.GaussianBlur(s / 56))
    canvas.paste(small.resize((s, s), Image.Resampling.BICUBIC))
    draw = ImageDraw.Draw(canvas)
    r, x, y = s * rng.uniform(0.14, 0.24), s * rng.uniform(0.35, 0.65), s * rng.uniform(0.3, 0.5)
    for k in range(int(rng.integers(1, 5))):
        q = r * (1 + 0.22 * k)
        draw.ellipse((x - q, y - q, x + q, y + q), outline=mixed(palette.ink, palette.colours[3], 0.15 * k), width=5)


def keys(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Upright bars of many heights, as of a keyboard or a spectrum, with a line of circles above."""
    s, count = canvas.size[0], int(rng.integers(9, 18))
    canvas.paste(palette.ground, (0, 0, s, s))
    draw, step = ImageDraw.Draw(canvas), 0.84 * s / count
    phase, turns = rng.uniform(0, 6.28), rng.uniform(0.6, 1.6)
    for i in range(count):
        height = 0.2 + 0.16 * (1 + np.sin(phase + 2 * np.pi * turns * i / count)) + 0.08 * rng.random()
        x = 0.08 * s + i * step
        draw.rounded_rectangle(
            (x, s * (0.78 - height), x + step * 0.76, s * 0.78),
            radius=step * 0.3,
            fill=palette.colours[int(i * 5 / count)],
        )
        r = step * 0.24
        y = s * (0.78 - height) - step * 0.9
        if y > 0.05 * s:
            draw.ellipse((x + step * 0.38 - r, y - r, x + step * 0.38 + r, y + r), fill=palette.ink)


def shards(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """A jittered mesh of triangles, lit from one side."""
    s, count = canvas.size[0], int(rng.integers(5, 9))
    grid = np.stack(np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="xy"), axis=2) / count
    inner = grid.copy()
    inner[1:-1, 1:-1] += rng.uniform(-0.38, 0.38, (count - 1, count - 1, 2)) / count
    points = inner * s
    draw = ImageDraw.Draw(canvas)
    across, down = rng.uniform(-1, 1, 2)
    for row in range(count):
        for column in range(count):
            a, b, c, d = (
                points[row, column],
                points[row, column + 1],
                points[row + 1, column + 1],
                points[row + 1, column],
            )
            for corners in ((a, b, c), (a, c, d)) if rng.random() < 0.5 else ((a, b, d), (b, c, d)):
                x, y = np.mean(corners, axis=0) / s
                level = (
                    float(np.clip(0.5 + 0.5 * (across * (x - 0.5) + down * (y - 0.5)) + rng.normal(0, 0.16), 0, 0.999))
                    * 4
                )
                colour = mixed(palette.colours[int(level)], palette.colours[int(level) + 1], level % 1)
                draw.polygon([(float(px), float(py)) for px, py in corners], fill=colour)


def rays(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """Wedges from one point, with a disc over their origin."""
    s, count = canvas.size[0], 2 * int(rng.integers(9, 17))
    canvas.paste(palette.ground, (0, 0, s, s))
    draw = ImageDraw.Draw(canvas)
    x, y, turn = s * rng.uniform(0.3, 0.7), s * rng.uniform(0.35, 0.65), rng.random()
    for i in range(count):
        start, stop = (2 * np.pi * (i + turn + k) / count for k in (0.0, 1.0 if i % 2 else 0.55))
        colour = palette.colours[(i // 2) % 3 + 1] if i % 2 else mixed(palette.ground, palette.colours[0], 0.5)
        far = 1.6 * s
        draw.polygon(
            [
                (x, y),
                (x + far * np.cos(start), y + far * np.sin(start)),
                (x + far * np.cos(stop), y + far * np.sin(stop)),
            ],
            fill=colour,
        )
    for share, colour in ((0.24, palette.ink), (0.215, palette.colours[0]), (0.13, palette.colours[4])):
        r = s * share
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def blocks(canvas: Image.Image, palette: Palette, rng: np.random.Generator) -> None:
    """A square split again and again into colour fields, with discs in some."""
    s = canvas.size[0]
    canvas.paste(palette.ink, (0, 0, s, s))
    draw, gap = ImageDraw.Draw(canvas), s * 0.006
    boxes = [(0.0, 0.0, float(s), float(s))]
    for _ in range(int(rng.integers(8, 14))):
        index = max(range(len(boxes)), key=lambda i: (boxes[i][2] - boxes[i][0]) * (boxes[i][3] - boxes[i][1]))
        x0, y0, x1, y1 = boxes.pop(index)
        cut = rng.uniform(0.3, 0.7)
        if x1 - x0 > y1 - y0:
            middle = x0 + cut * (x1 - x0)
            boxes += [(x0, y0, middle, y1), (middle, y0, x1, y1)]
        else:
            middle = y0 + cut * (y1 - y0)
            boxes += [(x0, y0, x1, middle), (x0, middle, x1, y1)]
    for i, (x0, y0, x1, y1) in enumerate(boxes):
        colour = palette.ground if rng.random() < 0.25 else palette.colours[i % 5]
        draw.rectangle((x0 + gap, y0 + gap, x1 - gap, y1 - gap), fill=colour)
        if rng.random() < 0.4:
            r, cx, cy = 0.32 * min(x1 - x0, y1 - y0), (x0 + x1) / 2, (y0 + y1) / 2
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=palette.colours[(i + 2) % 5])
