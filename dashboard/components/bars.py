"""Small charts of bars, drawn by the style sheet: nothing to load, and in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components.attributes import aria


def minute_bars(name: str, counts: Sequence[int]) -> html.Figure:
    """A bar for each minute up to now, with the highest count said."""
    most = max(counts, default=0)
    bars = [html.Span(className="bar", style={"--height": f"{count / most:.3f}" if most else "0"}) for count in counts]
    label = f"{name} in each of the last {len(counts)} minutes: {sum(counts):,} in all, at most {most:,} in one"
    return html.Figure(
        [
            html.Figcaption([html.Strong(name), html.Span(f"{sum(counts):,} in an hour, at most {most:,} a minute")]),
            html.Div(bars, className="bars", role="img", **aria(label=label)),
            html.Div([html.Span(f"{len(counts)} minutes ago"), html.Span("now")], className="bars-ends"),
        ],
        className="chart",
    )


def share_bar(share: float) -> html.Span:
    """A bar as long as a share, 0 to 1."""
    return html.Span(className="meter share-bar", style={"--share": f"{share:.3f}"}, **aria(hidden="true"))
