"""The activity page, read anew every two seconds while it is open."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids
from dashboard.components.plain import plain
from dashboard.pages.activity import activity_figures
from spotistream.serving.activity import Activity
from spotistream.serving.store import DocumentStore

NAMESPACE = "activity"


def register(app: Dash, store: DocumentStore, activity: Activity) -> None:
    @app.callback(Output(ids.ACTIVITY, "children"), Input(ids.ACTIVITY_TICK, "n_intervals"))
    async def show(_tick: object) -> Any:
        return plain(await asyncio.to_thread(activity_figures, store, activity.view(now=time.time())))

    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "offerOnScreen"), Output(ids.SCREEN, "data"), Input(ids.OFFER, "data")
    )
