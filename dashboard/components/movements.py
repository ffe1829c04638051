"""How shares moved: a small chart of bars for each name, drawn by the style sheet, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from dash import dcc, html

from dashboard import links
from dashboard.components.attributes import aria
from spotistream.names import genre_id
from spotistream.serving.taste_over_time import DAY, MONTH, WEEK, Movement, TasteOverTime

LEAST_MOVED = 0.1
"""A share that moved by less is not worth a sentence."""
EVERY = {DAY: "day", WEEK: "week", MONTH: "month"}


def over_time(taste: TasteOverTime | None) -> html.Section:
    """Topics, genres and artists side by side, with what moved most in a sentence."""
    heading = html.H2("Over time", id="taste-time")
    if taste is None:
        text = "Listen on another day, and this shows how your taste moves."
        return html.Section(
            [heading, html.P(text, className="empty")], className="moves", **aria(labelledby="taste-time")
        )
    plays = sum(period.plays for period in taste.periods)
    step = EVERY[taste.step]
    note = (
        f"Shares of your last {plays} plays, {step} by {step}, without skipped tracks. "
        "Beside each name: its share in the first half of that time, then in the second."
    )
    panels: list[tuple[str, Sequence[Movement], Callable[[str], str]]] = [
        ("Topics", taste.topics, links.topic_page),
        ("Genres", taste.genres, lambda name: links.genre_page(genre_id(name))),
        ("Artists", taste.artists, links.artist_page),
    ]
    return html.Section(
        [
            heading,
            html.P([html.Strong(moved(taste)), " ", note], className="page-note"),
            html.Div(
                [_panel(name, found, taste, address) for name, found, address in panels if found],
                className="moves-panels",
            ),
            html.Details([html.Summary("The same as a table"), _table(taste)], className="moves-table"),
        ],
        className="moves",
        **aria(labelledby="taste-time"),
    )


def moved(taste: TasteOverTime) -> str:
    """What rose most and what fell most among the genres, or topics where there are none, in a sentence."""
    found = taste.genres or taste.topics
    rising = max(found, key=lambda each: each.lately - each.before, default=None)
    falling = min(found, key=lambda each: each.lately - each.before, default=None)
    parts = []
    if rising and rising.lately - rising.before >= LEAST_MOVED:
        parts.append(f"more {rising.name}")
    if falling and falling.before - falling.lately >= LEAST_MOVED:
        parts.append(f"less {falling.name}")
    return f"Lately {', '.join(parts)}." if parts else "Much as it was."


def period_name(step: str, start: date) -> str:
    """``3 Aug`` for a day, and for the week that begins there; ``Aug 2026`` for a month."""
    return f"{start:%b %Y}" if step == MONTH else f"{start.day} {start:%b}"


def _panel(name: str, found: Sequence[Movement], taste: TasteOverTime, address: Callable[[str], str]) -> html.Div:
    most = max((share for each in found for share in each.shares if share), default=1.0)
    first, last = (period_name(taste.step, taste.periods[end].start) for end in (0, -1))
    ends = [html.Span(f"week of {first}" if taste.step == WEEK else first), html.Span(last, className="newest")]
    return html.Div(
        [
            html.H3(name),
            html.Ul([_row(each, taste, address(each.id), most=most) for each in found], className="moves-rows"),
            html.Div(ends, className="bars-ends", **aria(hidden="true")),
        ],
        className="moves-panel",
    )


def _row(movement: Movement, taste: TasteOverTime, address: str, *, most: float) -> html.Li:
    """most : the share that is as high as the row"""
    bars = [
        html.Span(className="gap")
        if share is None
        else html.Span(className="bar", style={"--height": f"{share / most:.3f}"})
        for share in movement.shares
    ]
    change = f"{movement.before:.0%} → {movement.lately:.0%}"
    said = f"{movement.name}: {movement.before:.0%} of the plays in the first half, {movement.lately:.0%} in the second"
    words = [dcc.Link(movement.name, href=address, className="liking-name"), html.Span(change, **aria(hidden="true"))]
    return html.Li(
        [
            html.Div(words, className="liking-words"),
            html.Div(bars, className="bars moves-bars", role="img", **aria(label=said)),
        ]
    )


def _table(taste: TasteOverTime) -> html.Div:
    head = [html.Th("Share of the plays", scope="col")]
    head += [html.Th(period_name(taste.step, period.start), scope="col") for period in taste.periods]
    bodies = [html.Tbody(_line("Plays", [str(period.plays) for period in taste.periods]))]
    for name, movements in (("Topics", taste.topics), ("Genres", taste.genres), ("Artists", taste.artists)):
        if movements:
            over = html.Th(name, scope="rowgroup", colSpan=len(taste.periods) + 1, className="moves-group")
            lines = [_line(each.name, [_percent(share) for share in each.shares]) for each in movements]
            bodies.append(html.Tbody([html.Tr(over), *lines]))
    caption = html.Caption("Shares of topics, genres and artists in what you played", className="unseen")
    table = html.Table([caption, html.Thead(html.Tr(head)), *bodies], className="table")
    return html.Div(
        table, className="table-frame", tabIndex="0", role="region", **aria(label="Your taste over time, as a table")
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _line(name: str, values: Sequence[str]) -> html.Tr:
    return html.Tr([html.Th(name, scope="row"), *(html.Td(value) for value in values)])
