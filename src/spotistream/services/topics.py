"""Topics of a broker, embedded or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from spotistream.errors import ServiceUnavailable


@dataclass(frozen=True)
class TopicSpec:
    """A topic to be: ``settings`` are Kafka's own topic settings."""

    name: str
    partitions: int
    replication_factor: int
    settings: Mapping[str, str]


def create_topics(client_options: Mapping[str, Any], specs: Sequence[TopicSpec]) -> list[str]:
    """Create the topics that are missing; returns their names. Raises ``ServiceUnavailable``."""
    address = ",".join(client_options["bootstrap_servers"])
    try:
        admin = KafkaAdminClient(**client_options)
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(address) from exc
    try:
        there = set(admin.list_topics())
        missing = [spec for spec in specs if spec.name not in there]
        for spec in missing:
            topic = NewTopic(spec.name, spec.partitions, spec.replication_factor, topic_configs=dict(spec.settings))
            try:
                admin.create_topics([topic])
            except TopicAlreadyExistsError:
                continue
        return [spec.name for spec in missing]
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(address) from exc
    finally:
        admin.close()
