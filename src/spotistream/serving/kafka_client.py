"""How the Python processes reach the broker: the options every kafka-python client starts from."""

from __future__ import annotations

from typing import Any

from spotistream.config import Kafka
from spotistream.errors import ConfigError

SASL_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
BOOTSTRAP_TIMEOUT_MS = 5_000
RECONNECT_BACKOFF_MAX_MS = 2_000
HIGHEST_PORT = 65_535


def client_options(kafka: Kafka) -> dict[str, Any]:
    """Address, log-in and reconnection of a ``KafkaProducer``, ``KafkaConsumer`` or ``KafkaAdminClient``.

    Raises ``ConfigError`` where an address is none, or the log-in is incomplete.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": [_checked_server(server.strip()) for server in kafka.bootstrap_servers.split(",")],
        "security_protocol": kafka.security_protocol,
        "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT_MS,
        "reconnect_backoff_max_ms": RECONNECT_BACKOFF_MAX_MS,
    }
    if kafka.security_protocol.startswith("SASL"):
        if kafka.sasl_mechanism not in SASL_MECHANISMS:
            problem = f"must be one of {', '.join(SASL_MECHANISMS)}"
            raise ConfigError("kafka.sasl_mechanism", problem, source="[kafka]")
        options["sasl_mechanism"] = kafka.sasl_mechanism
        options["sasl_plain_username"] = kafka.sasl_username
        options["sasl_plain_password"] = kafka.sasl_password
    return options


def reading_options(kafka: Kafka) -> dict[str, Any]:
    """``client_options`` of a ``KafkaConsumer`` that keeps its place itself, and makes no topic by asking for it."""
    return {
        **client_options(kafka),
        "group_id": None,
        "enable_auto_commit": False,
        "allow_auto_create_topics": False,
    }


def _checked_server(server: str) -> str:
    host, _, port = server.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
        raise ConfigError("kafka.bootstrap_servers", f"{server!r} is not host:port", source="the configuration")
    return server
