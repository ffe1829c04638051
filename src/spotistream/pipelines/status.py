"""The health of a service: its queries, broker, store and model. It reads, starts nothing and writes nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError
from pymongo.errors import PyMongoError

from spotistream.config import EMBEDDED, Config
from spotistream.errors import ServiceUnavailable
from spotistream.io import artefacts
from spotistream.io.documents import database
from spotistream.jobs import JOBS
from spotistream.monitoring.published import Published, lags, newest, of_records, of_store
from spotistream.monitoring.publishing import read_records, read_restarts
from spotistream.monitoring.verdicts import NOT_RUNNING, Surroundings, Verdict, verdict
from spotistream.services.process import birth
from spotistream.services.running import running_services
from spotistream.services.topics import create_topics
from spotistream.serving.kafka_client import client_options

log = logging.getLogger(__name__)

ALL = "all_streams"
QUERIES = tuple(name for job in JOBS.values() if job.streaming and job.name != ALL for name in (job.name, *job.beside))
"""What a whole service runs."""
STREAMS_LOG = "streams"
_PATIENCE_MS = 2_000


@dataclass(frozen=True)
class Part:
    """A broker or a store; ``address`` is empty where it is the home's own and does not run."""

    address: str
    answers: bool


@dataclass(frozen=True)
class QueryHealth:
    """A query with its verdict; ``lag`` is as of now where the broker answers."""

    query: str
    verdict: Verdict
    published: Published | None
    lag: int | None


@dataclass(frozen=True)
class Health:
    """All that is shown.

    service : the process of the supervisor
    model : the version in use
    restarts : how often parts of the running service ended by themselves of late and were started again
    """

    home: Path
    at: float
    service: int | None
    broker: Part
    store: Part
    model: str | None
    pinned: bool
    queries: tuple[QueryHealth, ...]
    restarts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return (
            self.broker.answers
            and self.store.answers
            and self.model is not None
            and all(one.verdict.is_well for one in self.queries)
        )

    @property
    def nothing_runs(self) -> bool:
        return self.service is None and all(one.verdict.word == NOT_RUNNING for one in self.queries)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "well": self.is_well,
            "home": str(self.home),
            "at": self.at,
            "service": {"running": self.service is not None, "pid": self.service, "restarts": dict(self.restarts)},
            "broker": asdict(self.broker),
            "store": asdict(self.store),
            "model": {"version": self.model, "pinned": self.pinned},
            "queries": [_query_dict(one) for one in self.queries],
        }


def health(cfg: Config) -> Health:
    """Look at everything once."""
    now = time.time()
    cfg = with_running_services(cfg)
    store, found = published_queries(cfg, now=now)
    broker, behind = _look_at_broker(cfg, found.values())
    models = Path(cfg.paths.models)
    service = supervisor_of(cfg.home)
    return Health(
        home=cfg.home,
        at=now,
        service=service,
        broker=broker,
        store=store,
        model=artefacts.current_version(models),
        pinned=artefacts.pinned_version(models) is not None,
        queries=tuple(
            _query_health(
                name,
                found.get(name),
                behind.get(name),
                cfg,
                now=now,
                broker=broker,
                store=store,
                supervised=service is not None,
            )
            for name in QUERIES
        ),
        restarts=read_restarts(cfg.home) if service is not None else {},
    )


def published_queries(cfg: Config, *, now: float) -> tuple[Part, dict[str, Published]]:
    """The store, and the newest word on each query from the home and from there."""
    store, documents = _look_at_store(cfg)
    records = [*read_records(cfg.home), *documents]
    return store, newest(of_records(records, now=now, silent_s=cfg.monitoring.stalled_seconds))


def with_running_services(cfg: Config) -> Config:
    """The configuration with the addresses of the home's own services, empty for one that does not run."""
    wanted_kafka, wanted_store = cfg.kafka.bootstrap_servers == EMBEDDED, cfg.mongo.uri == EMBEDDED
    if not wanted_kafka and not wanted_store:
        return cfg
    found = running_services(cfg.home)
    if wanted_kafka:
        cfg = replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers=found.kafka or ""))
    return replace(cfg, mongo=replace(cfg.mongo, uri=found.mongo or "")) if wanted_store else cfg


def supervisor_of(home: Path) -> int | None:
    """The process of the service that runs on this home."""
    try:
        pid = int((home / "run" / "lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pid if birth(pid) is not None else None


def _look_at_store(cfg: Config) -> tuple[Part, list[dict[str, Any]]]:
    address = cfg.mongo.address
    if not address:
        return Part("", answers=False), []
    try:
        with database(replace(cfg.mongo, timeout_ms=min(cfg.mongo.timeout_ms, _PATIENCE_MS))) as db:
            return Part(address, answers=True), of_store(db, QUERIES)
    except (ServiceUnavailable, PyMongoError) as exc:
        log.debug("the store: %s", exc)
        return Part(address, answers=False), []


def _look_at_broker(cfg: Config, found: Iterable[Published]) -> tuple[Part, dict[str, int]]:
    address = cfg.kafka.bootstrap_servers
    if not address:
        return Part("", answers=False), {}
    options = {**client_options(cfg.kafka), "bootstrap_timeout_ms": _PATIENCE_MS}
    try:
        create_topics(options, [])  # reaches the broker, and creates nothing
        return Part(address, answers=True), lags(options, [one.figures for one in found])
    except (ServiceUnavailable, KafkaError) as exc:
        log.debug("the broker: %s", exc)
        return Part(address, answers=False), {}


def _query_health(
    name: str,
    found: Published | None,
    behind: int | None,
    cfg: Config,
    *,
    now: float,
    broker: Part,
    store: Part,
    supervised: bool,
) -> QueryHealth:
    figures = found.figures if found else None
    lag = behind if behind is not None or figures is None else figures.lag
    around = Surroundings(
        now=now,
        alive=found is not None and found.alive,
        lag=lag,
        log=_log_of(cfg.home, found),
        broker_answers=broker.answers,
        store_answers=store.answers,
        supervised=supervised,
    )
    return QueryHealth(name, verdict(figures, around, cfg.monitoring), found, lag)


def _log_of(home: Path, found: Published | None) -> str:
    streams = home / "logs" / f"{STREAMS_LOG}.log"
    return str(streams) if found and found.application == ALL and streams.exists() else "the log of its application"


def _query_dict(one: QueryHealth) -> dict[str, Any]:
    told: dict[str, Any] = {"query": one.query, "verdict": one.verdict.word, "advice": one.verdict.advice}
    if one.published is not None:
        process = {name: getattr(one.published, name) for name in ("application", "host", "pid", "alive")}
        told = {**told, **process, **one.published.figures.as_dict()}
    return {**told, "lag": one.lag}
