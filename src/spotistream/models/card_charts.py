"""Charts of a model card as SVG that scales, coloured by the card's style sheet. Every text in them is escaped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from spotistream.models.report import Confusion, Figure, Slice

WIDTH, HEIGHT = 360, 216
LEFT, RIGHT, TOP, BOTTOM = 44, 18, 10, 38
DASHES = ("", "7 4", "2 4", "10 3 2 3", "5 2", "1 3")
"""Curves differ by these too, for who cannot tell the colours."""
CELL, NAMES = 20, 118
"""Of the confusion: side of a cell and room for names, in units of the drawing."""
LONGEST_NAME = 17
LEGIBLE = 17
"""Least side of a cell on the screen, px: a page that is narrower scrolls."""

Curve = Sequence[tuple[float, Figure]]


def curves(series: Mapping[str, Curve], *, x_label: str, names: Sequence[str] | None = None) -> str:
    """A curve for each of the series through its points (x, figure), the interval of the first as a band; its legend.

    names : of the positions 0, 1, ... on the x axis; without, x is a number
    """
    known = {name: [(x, one) for x, one in points if one.value is not None] for name, points in series.items()}
    known = {name: points for name, points in known.items() if points}
    if not known:
        return _nothing()
    shown = [(x, one) for points in known.values() for x, one in points]
    top = _top(one.high if one.high is not None else one.value for _, one in shown)
    xs = [x for x, _ in shown]
    first, last = (-0.3, len(names) - 0.7) if names else (0.0, max(xs))

    def at(x: float) -> float:
        return LEFT + (x - first) / (last - first or 1.0) * (WIDTH - LEFT - RIGHT)

    y = _height(top)
    ticks = list(enumerate(names)) if names else [(share, f"{share:.0%}") for share in sorted(set(xs))]
    parts = [_frame(top, y), *(_text(at(x), HEIGHT - 22, name) for x, name in ticks)]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, x_label))
    for number, points in enumerate(known.values()):
        colour, dash = f"var(--c{number % 6})", DASHES[number % 6]
        if number == 0:
            parts.append(_band(points, at, y))
        path = " ".join(f"{at(x):.1f},{y(one.value or 0.0):.1f}" for x, one in points)
        parts.append(f'<polyline class="curve" style="stroke:{colour}" stroke-dasharray="{dash}" points="{path}"/>')
        parts += [_dot(at(x), y(one.value or 0.0), colour, f"{one.value:.4f}") for x, one in points]
    return _svg(parts, f"{', '.join(known)} by {x_label}") + (_legend(list(known)) if len(known) > 1 else "")


def bars(groups: Sequence[Slice], *, what: Callable[[Slice], Figure], label: str) -> str:
    """A bar for each group with its interval as a whisker, and how many listeners it stands for."""
    shown = [(one, what(one)) for one in groups if what(one).value is not None]
    if not shown:
        return _nothing()
    top = _top(figure.high if figure.high is not None else figure.value for _, figure in shown)
    y, width = _height(top), (WIDTH - LEFT - RIGHT) / len(shown)
    parts = [_frame(top, y)]
    for number, (one, figure) in enumerate(shown):
        middle, value = LEFT + (number + 0.5) * width, figure.value or 0.0
        side = min(width * 0.6, 64)
        parts.append(
            f'<rect x="{middle - side / 2:.1f}" y="{y(value):.1f}" width="{side:.1f}" rx="3" '
            f'height="{max(y(0) - y(value), 1):.1f}" fill="var(--c0)" fill-opacity=".85">'
            f"<title>{value:.4f}</title></rect>"
        )
        if figure.low is not None and figure.high is not None:
            low, high = y(figure.low), y(figure.high)
            parts.append(f'<line class="whisker" x1="{middle:.1f}" x2="{middle:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>')
        parts.append(_text(middle, HEIGHT - 22, one.group))
        parts.append(_text(middle, HEIGHT - 5, f"{one.listeners:,}"))
    return _svg(parts, label)


def heat(confusion: Confusion) -> str:
    """Rows are what a track is, columns what it was taken for; the stronger, the larger the share of the row."""
    k = len(confusion.labels)
    side = NAMES + k * CELL + 8
    parts = []
    for i, (name, row) in enumerate(zip(confusion.labels, confusion.counts, strict=True)):
        middle, total, label = NAMES + (i + 0.5) * CELL, max(sum(row), 1), escape(_short(name))
        parts.append(f'<text x="{NAMES - 6}" y="{middle + 4}" text-anchor="end">{label}</text>')
        parts.append(f'<text transform="translate({middle + 4} {NAMES - 6}) rotate(-60)">{label}</text>')
        for j, count in enumerate(row):
            if count:
                told = f"{name} taken for {confusion.labels[j]}: {count:,} of {total:,}"
                x, y, shade = NAMES + j * CELL + 1, NAMES + i * CELL + 1, 0.06 + 0.94 * count / total
                parts.append(
                    f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" rx="2" fill="var(--c0)" '
                    f'fill-opacity="{shade:.2f}">'
                    f"<title>{escape(told)}</title></rect>"
                )
    drawing = _svg(parts, "which genres are taken for which", width=side + 40, height=side)
    return f'<div style="min-width:{min(side + 40, LEGIBLE * k + NAMES)}px">{drawing}</div>'


def _frame(top: float, y: Callable[[float], float]) -> str:
    lines = []
    for step in range(5):
        value = top * step / 4
        lines.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{_short_number(value)}</text>')
    return "".join(lines)


def _height(top: float) -> Callable[[float], float]:
    return lambda value: TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)


def _top(values: Iterable[float | None]) -> float:
    """A round number just above the largest, of which a quarter is round too."""
    largest = max((value for value in values if value is not None), default=0.0)
    if largest <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(largest))
    return next(step * unit for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * unit >= largest)


def _band(points: Curve, at: Callable[[float], float], y: Callable[[float], float]) -> str:
    known = [(x, one.low, one.high) for x, one in points if one.low is not None and one.high is not None]
    upper = [f"{at(x):.1f},{y(high):.1f}" for x, _, high in known]
    lower = [f"{at(x):.1f},{y(low):.1f}" for x, low, _ in reversed(known)]
    return f'<polygon points="{" ".join(upper + lower)}" fill="var(--c0)" fill-opacity=".16"/>' if known else ""


def _dot(x: float, y: float, colour: str, told: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{told}</title></circle>'


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'


def _legend(names: Sequence[str]) -> str:
    entries = "".join(
        f'<li><svg viewBox="0 0 26 8" aria-hidden="true"><line x1="1" x2="25" y1="4" y2="4" class="curve" '
        f'style="stroke:var(--c{number % 6})" stroke-dasharray="{DASHES[number % 6]}"/></svg>{escape(name)}</li>'
        for number, name in enumerate(names)
    )
    return f'<ul class="legend">{entries}</ul>'


def _svg(parts: Sequence[str], label: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _nothing() -> str:
    return '<p class="note">Not measured.</p>'


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _short_number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"
