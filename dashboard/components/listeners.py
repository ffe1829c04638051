"""Names of listeners to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import html

from dashboard.components.attributes import data
from dashboard.words import is_simulated


def suggestions(user_ids: Iterable[str]) -> list[Any]:
    """A button for each listener. Simulated ones say so."""
    return [
        html.Button(
            [user_id, html.Span("simulation", className="badge") if is_simulated(user_id) else None],
            type="button",
            className="suggestion",
            **data(listener=user_id),
        )
        for user_id in user_ids
    ]
