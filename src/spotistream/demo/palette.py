"""Colours that go together: hues chosen on a wheel of equal lightness (OKLCH, Ottosson 2020), given as sRGB bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]

# Turns from the base hue: analogous, complementary, split, triad, near-monochrome.
SCHEMES = ((0, 35, 70), (0, 25, 180), (0, 150, 210), (0, 120, 240), (0, 12, 195))


@dataclass(frozen=True)
class Palette:
    """ground : the background; ink : contrasts with it; colours : five between, dark to light."""

    ground: Colour
    ink: Colour
    colours: tuple[Colour, ...]

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return luminance(self.ground) < 0.5


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """sRGB bytes of an OKLCH colour; lightness 0-1, chroma 0-0.37, hue in degrees; clipped to the gamut."""
    a, b = chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))
    lms = np.array(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    to_rgb = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    linear = np.array([sum(weight * value for weight, value in zip(row, lms**3, strict=True)) for row in to_rgb])
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = (round(255 * float(value)) for value in encoded)
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Perceived brightness of a colour, 0 to 1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with ``share`` of ``b``, 0 to 1."""
    return tuple(int(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def draw_palette(rng: np.random.Generator, *, hues: tuple[int, int], dark: float, chroma: float) -> Palette:
    """A palette. hues : range of the base hue, degrees; dark : probability of a dark ground; chroma : factor."""
    base = float(rng.uniform(*hues))
    turns = SCHEMES[rng.integers(len(SCHEMES))]
    night = rng.random() < dark
    ground = oklch(0.2, 0.045, base + 10) if night else oklch(0.94, 0.025, base + 20)
    ink = oklch(0.96, 0.02, base + 40) if night else oklch(0.22, 0.05, base)
    steps = (0.42, 0.55, 0.66, 0.76, 0.86) if night else (0.36, 0.5, 0.62, 0.73, 0.83)
    strength = (0.11, 0.16, 0.17, 0.14, 0.1)
    order = (turns[0], turns[0], turns[1], turns[2], turns[1])
    colours = tuple(
        oklch(lightness, chroma * power, base + turn)
        for lightness, power, turn in zip(steps, strength, order, strict=True)
    )
    return Palette(ground=ground, ink=ink, colours=colours)
