"""What is remembered of listeners -> their tables, as the document store and topic ``recommendations`` keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import Row

from spotistream.config import Config
from spotistream.events import iso_utc
from spotistream.models.listener import unpack
from spotistream.models.served import ServedModel
from spotistream.models.tables_of_listeners import Recommendation, recommend
from spotistream.models.taste import Taste, taste

Listener = Mapping[str, Any] | Row
"""As ``ChangedListener.row``."""


def ranked_tables(rows: Sequence[Listener], model: ServedModel, cfg: Config) -> list[list[Recommendation]]:
    """The table of each listener, from what is remembered of them."""
    settings = cfg.recommend
    return recommend(
        model,
        [_taste(row, model, cfg) for row in rows],
        top_n=settings.top_n,
        max_per_artist=settings.max_per_artist,
        exclude_recent=settings.exclude_recent,
    )


def recommendation_document(
    row: Listener, table: list[Recommendation], *, model_version: str, updated_at: datetime
) -> dict[str, Any]:
    """The listener's table as the store keeps it.

    latency_ms : from when the broker got the listener's newest message until the table was made
    """
    sent_at = row["sent_at"].replace(tzinfo=UTC)
    cause = None
    if row["event_id"] is not None:
        cause = {name: row[name] for name in ("event_id", "track_id", "action")}
        cause["event_time"] = row["event_time"].replace(tzinfo=UTC)
    return {
        "_id": row["user_id"],
        "version": row["version"],
        "model_version": model_version,
        "updated_at": updated_at,
        "sent_at": sent_at,
        "latency_ms": round((updated_at - sent_at).total_seconds() * 1000),
        "caused_by": cause,
        "recommendations": [
            {
                "rank": item.rank,
                "track_id": item.track_id,
                "score": item.score,
                "reason": {
                    "code": item.reason,
                    "track_id": item.reason_track_id,
                    "music_topic_id": item.reason_topic_id,
                },
            }
            for item in table
        ],
    }


def as_message(document: dict[str, Any]) -> bytes:
    """The document as JSON; times as ISO 8601."""
    return json.dumps(document, default=iso_utc, ensure_ascii=False, separators=(",", ":")).encode()


def _taste(row: Listener, model: ServedModel, cfg: Config) -> Taste:
    return taste(
        unpack(bytes(row["packed"])),
        duration_ms=model.duration_of,
        half_life_days=cfg.recommend.half_life_days,
        recency=cfg.recommend.recency,
    )
