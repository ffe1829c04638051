"""The outline of a track, to see what comes and to jump to it. ``assets/waveform.js`` gives it its slider."""

from __future__ import annotations

from urllib.parse import quote

from dash import html

from dashboard.components.attributes import aria, data
from dashboard.words import duration
from spotistream.serving.views import TrackView

BARS = 128
"""Fewer than the waveform has parts: on a narrow screen a bar and its gap are still two pixels wide."""
BAR_SHARE = 0.66
"""Of a bar and its gap."""
LEAST = 0.02
"""Height of silence: a thin line, so that it is seen to be there."""


def waveform(track: TrackView) -> html.Div | None:
    """The outline of a track that has one, with its ends; nothing else where there is none."""
    if not track.waveform or track.waveform_end_s is None or not track.playable:
        return None
    start_s, end_s = track.waveform_start_s or 0.0, track.waveform_end_s
    if end_s <= start_s:
        return None
    picture = html.Div(
        className="waveform-picture",
        role="img",
        style={"--outline": f'url("{outline(track.waveform)}")'},
        **aria(label=f"Waveform of {track.name}"),
    )
    facts = data(waveform=track.track_id, start=f"{start_s:g}", end=f"{end_s:g}", title=track.name)
    ends = [html.Span(duration(start_s)), html.Span(duration(end_s))]
    return html.Div(
        [html.Div([picture], className="waveform", **facts), html.Div(ends, className="waveform-ends")],
        className="sound-part",
    )


def outline(peaks: bytes) -> str:
    """The bars as the data URI of an SVG picture of one colour, to be used as a mask: the style sheet colours it.

    peaks : a byte for each equal part, 255 is full scale
    """
    bars = min(BARS, len(peaks))
    edges = [number * len(peaks) // bars for number in range(bars + 1)]
    paths = []
    for number in range(bars):
        height = max(max(peaks[edges[number] : edges[number + 1]]) / 255, LEAST)
        left, top, bottom = number * 10, 500 - 500 * height, 500 + 500 * height
        paths.append(f"M{left} {top:.0f}h{10 * BAR_SHARE:g}V{bottom:.0f}h-{10 * BAR_SHARE:g}z")
    view = f"0 0 {bars * 10 - 10 * (1 - BAR_SHARE):g} 1000"
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" preserveAspectRatio="none">'
        f'<path d="{"".join(paths)}"/></svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"
