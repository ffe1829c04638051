"""A large picture of one piece of music: waveform and mel spectrogram over the same time."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from librosa.display import specshow
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter

from spotistream.audio.pictures import palette, pooled

FORMATS = ("png", "svg")
SIZE_INCHES, DOTS_PER_INCH = (16.0, 9.0), 120
COLUMNS = 1_600
"""Moments that are drawn: about one for each pixel."""
RANGE_DB = 80.0
MOST_HEADING, MOST_FACTS = 80, 150
"""Characters of a line."""
GROUND, TEXT, MUTED, WAVE, BODY = "#100e17", "#f6f2fb", "#b3a9c4", "#ff9f5a", "#ff6f91"


def track_picture(
    samples: np.ndarray, mel_db: np.ndarray, *, sr: int, start_s: float, heading: str, facts: Sequence[str], kind: str
) -> bytes:
    """A picture of ``kind``, one of FORMATS; the same bytes for the same values.

    samples : float32 (n,), mono, [-1, 1]; sr : int, Hz
    mel_db : float32 (bands, t), dB, of these samples
    start_s : where in the track the samples begin, seconds
    heading, facts : what stands above
    """
    figure = Figure(
        figsize=SIZE_INCHES, dpi=DOTS_PER_INCH, facecolor=GROUND, layout=ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.15)
    )
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 5))
    end_s = start_s + len(samples) / sr
    _draw_waveform(above, samples, start_s=start_s, end_s=end_s)
    _draw_spectrogram(figure, (above, below), mel_db, sr=sr, start_s=start_s, end_s=end_s)
    for axes in (above, below):
        _paint(axes)
    words = {"color": TEXT, "parse_math": False, "loc": "left"}
    above.set_title(f"{_cut(heading, MOST_HEADING)}\n", fontsize=22, fontweight="bold", **words)
    above.text(
        0,
        1.04,
        _cut("   ".join(facts), MOST_FACTS),
        transform=above.transAxes,
        color=MUTED,
        fontsize=13,
        parse_math=False,
    )
    return _saved(figure, kind)


def envelope(samples: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least sample, greatest sample and root mean square of even stretches: float32 (min(columns, n),) each."""
    columns = min(columns, len(samples))
    starts = np.arange(columns) * len(samples) // columns
    squares = np.add.reduceat(samples.astype(np.float64) ** 2, starts) / np.diff(starts, append=len(samples))
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    return low, high, np.sqrt(squares).astype(np.float32)


def _draw_waveform(axes: Axes, samples: np.ndarray, *, start_s: float, end_s: float) -> None:
    low, high, rms = envelope(samples, COLUMNS)
    times = np.linspace(start_s, end_s, len(low))
    axes.fill_between(times, low, high, color=WAVE, linewidth=0, alpha=0.75)
    axes.fill_between(times, -rms, rms, color=BODY, linewidth=0)
    axes.set_ylim(-1, 1)
    axes.set_ylabel("sample")


def _draw_spectrogram(
    figure: Figure, both: Sequence[Axes], mel_db: np.ndarray, *, sr: int, start_s: float, end_s: float
) -> None:
    levels = pooled(mel_db, COLUMNS) if mel_db.shape[1] > COLUMNS else mel_db
    axes = both[1]
    mesh = specshow(
        levels - levels.max(),
        x_coords=np.linspace(start_s, end_s, levels.shape[1]),
        x_axis="time",
        y_axis="mel",
        sr=sr,
        ax=axes,
        cmap=ListedColormap(palette() / 255),
        vmin=-RANGE_DB,
        vmax=0,
        rasterized=True,
    )
    axes.set_xlim(start_s, end_s)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: _clock(seconds)))
    axes.set_xlabel("time")
    axes.set_ylabel("frequency, Hz")
    bar = figure.colorbar(mesh, ax=list(both), aspect=40, pad=0.01)
    bar.set_label("level, dB relative to the loudest place", color=MUTED)
    bar.ax.tick_params(colors=MUTED)
    bar.outline.set_visible(False)


def _paint(axes: Axes) -> None:
    axes.set_facecolor(GROUND)
    axes.tick_params(colors=MUTED)
    axes.xaxis.label.set_color(MUTED)
    axes.yaxis.label.set_color(MUTED)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _cut(text: str, most: int) -> str:
    """What fits into a line: longer ones would take the room of the picture."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(seconds, 0.0), 60)
    return f"{int(minutes)}:{rest:02.0f}" if float(seconds).is_integer() else f"{int(minutes)}:{rest:04.1f}"


def _saved(figure: Figure, kind: str) -> bytes:
    file = io.BytesIO()
    # Without these a file would differ each time it is written.
    unstable: dict[str, Any] = {"svg": {"Date": None}, "png": {"Software": None}}
    with mpl.rc_context({"svg.hashsalt": "spotistream"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(file, format=kind, metadata=unstable[kind])
    return file.getvalue()
