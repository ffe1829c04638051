"""The picture of a track's spectrum over time, as it was drawn when the track was analysed."""

from __future__ import annotations

from dash import html

from dashboard import links
from dashboard.components.attributes import data
from dashboard.words import duration
from spotistream.serving.views import TrackView

WIDTH_PX, HEIGHT_PX = 480, 128


def spectrogram(track: TrackView, *, analysed_s: float) -> html.Figure | None:
    """The picture with what it means; nothing where there is none. ``assets/waveform.js`` loads it when it is near.

    analysed_s : of longer tracks only their middle of this length is analysed, seconds
    """
    if not track.spectrogram_path:
        return None
    picture = html.Img(
        alt=f"Spectrogram of {track.name}: loudness of each pitch over time",
        width=str(WIDTH_PX),
        height=str(HEIGHT_PX),
        className="spectrogram-picture",
        **data(lazy=links.spectrogram(track.track_id)),
    )
    part = f"The middle {duration(analysed_s)} of the track. " if (track.duration_s or 0) > analysed_s + 1 else ""
    caption = html.Figcaption(f"{part}Time runs to the right, low notes are at the bottom, bright is loud.")
    return html.Figure([picture, caption], className="spectrogram sound-part")
