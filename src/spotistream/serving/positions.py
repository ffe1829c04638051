"""How much a topic holds."""

from __future__ import annotations

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from spotistream.config import Kafka
from spotistream.errors import ServiceUnavailable
from spotistream.layouts import Topic
from spotistream.serving.kafka_client import client_options


def messages_in(kafka: Kafka, topic: Topic) -> int:
    """Messages ever sent to the topic: the sum of its end offsets. Raises ``ServiceUnavailable``."""
    try:
        consumer = KafkaConsumer(**client_options(kafka))
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(kafka.bootstrap_servers) from exc
    try:
        partitions = [TopicPartition(topic.name, number) for number in consumer.partitions_for_topic(topic.name) or ()]
        return sum(consumer.end_offsets(partitions).values())
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(kafka.bootstrap_servers) from exc
    finally:
        consumer.close()
