"""Metrics and figures as a model card writes them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from spotistream.models.report import Figure

PERCENT = ("coverage", "popular_share")
WORDS = {"map": "MAP", "mrr": "MRR", "ndcg": "NDCG"}


def word(metric: str) -> str:
    """The name of a metric.

    >>> word("ndcg"), word("hit_rate")
    ('NDCG', 'Hit rate')
    """
    return WORDS.get(metric, metric.replace("_", " ").capitalize())


def number(metric: str, value: float | None) -> str:
    """A figure as text.

    >>> number("ndcg", 0.28164), number("coverage", 0.5), number("ndcg", None)
    ('0.2816', '50.0%', '–')
    """
    return "–" if value is None else f"{value:.1%}" if metric in PERCENT else f"{value:.4f}"


def between(metric: str, figure: Figure) -> str:
    """The interval as text; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{number(metric, figure.low)} to {number(metric, figure.high)}"


def table(head: str, rows: Sequence[str]) -> str:
    """A table that scrolls where the page is narrow, of cells that are HTML already."""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def code(text: object) -> str:
    """Escaped, as code."""
    return f"<code>{escape(str(text))}</code>"
