"""``spotistream checkpoint``: what the checkpoints of the streaming queries say, and starting anew without them."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.pipelines.checkpoint_findings import (
    BROKEN,
    Configured,
    Ends,
    Finding,
    findings,
    state_partitions,
    to_be_read_again,
)
from spotistream.pipelines.checkpoints import Checkpoint, all_checkpoints, folder_of, move_aside
from spotistream.pipelines.status import published_queries, supervisor_of, with_running_services
from spotistream.serving.kafka_client import client_options

BROKEN_FOUND = 8
"""Exit code of ``explain`` where a query cannot go on."""
LISTENER_QUERY = "refresh_recommendations"
EXAMPLES = """A checkpoint says how far a query has read, and holds its state. Spark goes on from it. None is ever
deleted: reset and migrate move it aside and say where to; moved back while the streams are stopped it is as before.

examples:
  spotistream checkpoint                                         all of them, with their positions
  spotistream checkpoint explain                                 can each query go on? exit code 8 where one cannot
  spotistream checkpoint reset refresh_recommendations           shows what would be read again
  spotistream checkpoint reset refresh_recommendations --yes     does it; the streams must be stopped
  spotistream checkpoint migrate refresh_recommendations --yes   another number of partitions of its state
"""
_PATIENCE_MS = 2_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from home and profile."""
    parser.add_argument(
        "action", nargs="?", choices=("list", "explain", "reset", "migrate"), default="list", help="else list"
    )
    parser.add_argument("query", nargs="?", metavar="QUERY", help="reset, migrate: which; explain: only this one")
    parser.add_argument("--yes", action="store_true", help="reset, migrate: do it; without, only show")
    parser.add_argument("--json", action="store_true", help="list, explain: one JSON value instead of text")


def answered(cfg: Config, arguments: argparse.Namespace) -> tuple[str, int]:
    """What is printed, and the exit code. Raises ``InputError`` for what cannot be done."""
    action = arguments.action
    cfg = with_running_services(cfg)
    found = all_checkpoints(folder_of(cfg.paths.checkpoints))
    if arguments.query is not None:
        found = [_named(found, arguments.query)]
    elif action in ("reset", "migrate"):
        raise InputError(f"checkpoint {action}", "is about one query", remedy="spotistream checkpoint lists them")
    if not found:
        return ("[]" if arguments.json else f"there is no checkpoint in {cfg.paths.checkpoints}"), 0
    ends = topic_ends(cfg, sorted({topic for one in found for topic in one.topics}))
    if action == "list":
        return (json.dumps([_as_dict(one) for one in found], indent=2) if arguments.json else listed(found)), 0
    told = [(one, findings(one, _configured(cfg, one), ends)) for one in found]
    if action == "explain":
        broken = any(finding.level == BROKEN for _, of_one in told for finding in of_one)
        return _explained(told, as_json=arguments.json), BROKEN_FOUND if broken else 0
    return _taken_out(cfg, found[0], told[0][1], ends, action=action, yes=arguments.yes), 0


def listed(found: Sequence[Checkpoint]) -> str:
    """A line for each checkpoint and one for each of its topics."""
    lines = []
    for one in found:
        if one.problem is not None:
            lines.append(f"{one.query}: {one.problem}")
            continue
        state = state_partitions(one)
        kept = f", state of {', '.join(one.operators)} in {state} partitions" if state is not None else ""
        lines.append(f"{one.query}: batch {_said(one.batch)}, finished {_said(one.committed)}{kept}, id {one.query_id}")
        for topic in one.topics:
            at = ", ".join(f"{partition} at {offset:,}" for name, partition, offset in one.offsets if name == topic)
            lines.append(f"  topic {topic}: partition {at}")
    return "\n".join(lines)


def topic_ends(cfg: Config, topics: Sequence[str]) -> Ends | None:
    """First and last offset of each partition of those topics that exist; ``None`` where the broker does not answer."""
    if not cfg.kafka.bootstrap_servers:
        return None
    try:
        consumer = KafkaConsumer(**{**client_options(cfg.kafka), "bootstrap_timeout_ms": _PATIENCE_MS}, group_id=None)
    except KafkaError:
        return None
    try:
        there = consumer.topics().intersection(topics)
        parts = [TopicPartition(topic, part) for topic in there for part in consumer.partitions_for_topic(topic) or ()]
        first, last = consumer.beginning_offsets(parts), consumer.end_offsets(parts)
    except KafkaError:
        return None
    finally:
        consumer.close()
    return {
        topic: {part.partition: (first[part], last[part]) for part in parts if part.topic == topic} for topic in there
    }


def _taken_out(cfg: Config, one: Checkpoint, found: list[Finding], ends: Ends | None, *, action: str, yes: bool) -> str:
    lines = [f"{one.query}: {finding.text}" for finding in found]
    if action == "migrate":
        kept = state_partitions(one)
        if kept is None:
            raise InputError(f"checkpoint of {one.query}", "keeps no state", remedy="there is nothing to migrate")
        if kept == cfg.spark.shuffle_partitions:
            raise InputError(
                f"checkpoint of {one.query}",
                f"has {kept} partitions of state, as spark.shuffle_partitions says",
                remedy="set that first, or use reset",
            )
        lines = [
            f"Spark cannot spread the state of a checkpoint over another number of partitions. From {kept} to "
            f"{cfg.spark.shuffle_partitions} is a reset: the state is computed anew in {cfg.spark.shuffle_partitions}."
        ]
    lines += to_be_read_again(one, ends)
    if not yes:
        return "\n".join(
            [*lines, f"nothing was changed; do it with: spotistream checkpoint {action} {one.query} --yes"]
        )
    _refuse_while_running(cfg, one.query)
    aside = move_aside(one, at=datetime.now(UTC))
    return "\n".join([*lines, f"the checkpoint is now at {aside}; the next start of {one.query} begins anew"])


def _refuse_while_running(cfg: Config, query: str) -> None:
    """A query that runs writes into its checkpoint."""
    remedy = "stop it, and try again"
    if (pid := supervisor_of(cfg.home)) is not None:
        raise InputError(f"checkpoint of {query}", f"a service (process {pid}) runs on this home", remedy=remedy)
    _, published = published_queries(cfg, now=time.time())
    found = published.get(query)
    if found is not None and found.alive:
        raise InputError(
            f"checkpoint of {query}",
            f"the query runs in {found.application} (process {found.pid} on {found.host})",
            remedy=remedy,
        )


def _configured(cfg: Config, one: Checkpoint) -> Configured:
    from spotistream.io.session import ROCKSDB
    from spotistream.models.listener_stream import STATE_SCHEMA

    fields = tuple(column.split()[0] for column in STATE_SCHEMA.split(", "))
    return Configured(cfg.spark.shuffle_partitions, ROCKSDB, fields if one.query == LISTENER_QUERY else None)


def _named(found: Sequence[Checkpoint], query: str) -> Checkpoint:
    for one in found:
        if one.query == query:
            return one
    known = ", ".join(one.query for one in found) or "none"
    raise InputError(f"query {query}", "has no checkpoint", remedy=f"those that have one: {known}")


def _explained(told: Sequence[tuple[Checkpoint, list[Finding]]], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(
            [{"query": one.query, "findings": [asdict(f) for f in of_one]} for one, of_one in told], indent=2
        )
    return "\n".join(f"{one.query}: {finding.level}: {finding.text}" for one, of_one in told for finding in of_one)


def _as_dict(one: Checkpoint) -> dict[str, Any]:
    return {**asdict(one), "path": str(one.path), "offsets": [list(each) for each in one.offsets]}


def _said(batch: int | None) -> str:
    return "none" if batch is None else f"{batch:,}"
