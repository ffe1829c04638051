"""Inside a Spark task: the tables of some listeners computed again, compared with the store's, and written."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
from pymongo.database import Database
from pyspark.sql import Row

from spotistream.config import Config
from spotistream.io import documents
from spotistream.models.listener import pack
from spotistream.models.remembered import Remembered, remembered
from spotistream.models.served import ServedModel
from spotistream.models.table_difference import same_table
from spotistream.models.tables_of_listeners import Recommendation
from spotistream.pipelines.current_model import load_model
from spotistream.pipelines.recommendation_documents import as_message, ranked_tables, recommendation_document
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import RECOMMENDATIONS_COLLECTION, RECOMMENDATIONS_TOPIC

AT_ONCE = 200
"""Listeners ranked, read and written at a time."""
SAME, DIFFERENT, MISSING, NEWER, OTHER_MODEL = "same", "different", "missing", "newer", "other_model"
OUTCOMES = (SAME, DIFFERENT, MISSING, NEWER, OTHER_MODEL)
TO_WRITE = (DIFFERENT, MISSING, OTHER_MODEL)
OUTCOME_SCHEMA = "user_id STRING, outcome STRING"


@dataclass(frozen=True)
class Task:
    """What a task is to do.

    model_version : the version to rank by, which every machine finds in ``paths.models``
    until : partition of topic ``plays`` -> the first offset that is not taken in
    """

    cfg: Config
    model_version: str
    until: Mapping[int, int]
    write: bool

    def __call__(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Frames of ``in_order_of_arrival`` to what came out for each listener: ``OUTCOME_SCHEMA``."""
        settings = self.cfg.recommend
        listeners = remembered(frames, max_events=settings.max_events, max_opinions=settings.max_opinions)
        model = _model(self.cfg.paths.models, self.model_version)
        with documents.database(self.cfg.mongo) as db:
            while some := list(islice(listeners, AT_ONCE)):
                outcomes = self._outcomes(some, model, db)
                yield pd.DataFrame(list(outcomes.items()), columns=["user_id", "outcome"])

    def _outcomes(self, some: list[Remembered], model: ServedModel, db: Database[dict[str, Any]]) -> dict[str, str]:
        now = datetime.now(UTC)
        rows = [_row(listener, now) for listener in some]
        found: dict[str, str] = {}
        changed: list[dict[str, Any]] = []
        for listener, row, table in zip(some, rows, ranked_tables(rows, model, self.cfg), strict=True):
            stored = db[RECOMMENDATIONS_COLLECTION.name].find_one({"_id": listener.user_id})
            outcome = self._outcome(stored, table, listener)
            if self.write and outcome in TO_WRITE:
                document = recommendation_document(row, table, model_version=model.version, updated_at=now)
                version = max(listener.version, stored["version"] if stored else listener.version)
                changed.append({**document, "version": version})
            found[listener.user_id] = outcome
        self._send(changed, db)
        return found

    def _outcome(self, stored: dict[str, Any] | None, table: list[Recommendation], listener: Remembered) -> str:
        if stored is None:
            return MISSING
        if stored["version"] >= self.until.get(listener.partition, listener.version + 1):
            return NEWER
        if stored["model_version"] != self.model_version:
            return OTHER_MODEL
        return SAME if same_table(stored["recommendations"], table) else DIFFERENT

    def _send(self, changed: list[dict[str, Any]], db: Database[dict[str, Any]]) -> None:
        """As the stream does: the store first, then the topic."""
        if not changed:
            return
        documents.upsert_newer(db, RECOMMENDATIONS_COLLECTION, changed)
        with BulkPublisher(self.cfg.kafka) as publisher:
            for document in changed:
                publisher.send(RECOMMENDATIONS_TOPIC, document["_id"], as_message(document))


def _row(listener: Remembered, now: datetime) -> Row:
    """As ``changed_listeners`` gives it, caused by the newest event that is remembered."""
    newest = listener.newest
    return Row(
        user_id=listener.user_id,
        packed=pack(listener.state),
        version=listener.version,
        sent_at=now,
        event_id=newest.event_id if newest else None,
        track_id=newest.track_id if newest else None,
        action=newest.action if newest else None,
        event_time=datetime.fromtimestamp(newest.time_ms / 1000, UTC) if newest else None,
    )


@functools.lru_cache(maxsize=1)
def _model(models: str, version: str) -> ServedModel:
    """Kept by the worker for its next tasks."""
    return load_model(Path(models), version)
