"""How much a topic holds, and which Kafka cluster it is on."""

from __future__ import annotations

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
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


def cluster_id(kafka: Kafka) -> str:
    """The id the cluster was formatted with; a new cluster has a new one. Raises ``ServiceUnavailable``."""
    try:
        admin = KafkaAdminClient(**client_options(kafka))
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(kafka.bootstrap_servers) from exc
    try:
        return str(admin.describe_cluster()["cluster_id"])
    except KafkaError as exc:
        raise ServiceUnavailable.kafka(kafka.bootstrap_servers) from exc
    finally:
        admin.close()
