"""A cover for a track that has none: drawn from its id, the same every time."""

from __future__ import annotations

import hashlib
import math

SIZE = 320


def cover_svg(track_id: str) -> str:
    """An SVG picture, 320 by 320, in one of four patterns and two neighbouring colours."""
    seed = hashlib.sha256(track_id.encode()).digest()
    hue = seed[0] * 360 // 256
    other = (hue + 24 + seed[1] % 56) % 360
    pattern = (_rings, _waves, _suns, _steps)[seed[2] % 4]
    shapes = pattern(seed[3:], hue, other)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<defs><linearGradient id="g" gradientTransform="rotate({seed[30] % 90})">'
        f'<stop offset="0" stop-color="hsl({hue} 70% 24%)"/><stop offset="1" stop-color="hsl({other} 66% 44%)"/>'
        f'</linearGradient></defs><rect width="{SIZE}" height="{SIZE}" fill="url(#g)"/>{shapes}</svg>'
    )


def _rings(seed: bytes, hue: int, other: int) -> str:
    x, y = 60 + seed[0] % 200, 60 + seed[1] % 200
    return "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="hsl({other} 85% {78 - step * 4}%)" '
        f'stroke-width="{2 + (seed[step] % 9)}" opacity="{0.9 - step * 0.07:.2f}"/>'
        for step, radius in enumerate(range(18, 290, 30))
    )


def _waves(seed: bytes, hue: int, other: int) -> str:
    lines = []
    for step in range(9):
        height, phase = 10 + seed[step] % 34, seed[step + 9] / 40
        points = " ".join(
            f"{x},{50 + step * 28 + height * math.sin(x / (30 + seed[20] % 30) + phase):.1f}" for x in range(0, 321, 8)
        )
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="hsl({(hue if step % 2 else other)} 80% 74%)" '
            f'stroke-width="{2 + step % 3 * 2}" opacity="{0.35 + step * 0.06:.2f}"/>'
        )
    return "".join(lines)


def _suns(seed: bytes, hue: int, other: int) -> str:
    return "".join(
        f'<circle cx="{seed[2 * step] * 320 // 256}" cy="{seed[2 * step + 1] * 320 // 256}" '
        f'r="{26 + seed[step + 12] % 74}" fill="hsl({(hue, other)[step % 2]} 82% {60 + step * 4}%)" opacity="0.42"/>'
        for step in range(6)
    )


def _steps(seed: bytes, hue: int, other: int) -> str:
    width = SIZE // 16
    bars = []
    for step in range(16):
        height = 40 + seed[step] * 230 // 256
        bars.append(
            f'<rect x="{step * width + 3}" y="{(SIZE - height) // 2}" width="{width - 6}" height="{height}" rx="7" '
            f'fill="hsl({other} 85% {58 + step}%)" opacity="0.82"/>'
        )
    return "".join(bars)
