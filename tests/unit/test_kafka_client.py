from dataclasses import replace

import pytest

from spotistream.config import Kafka
from spotistream.errors import ConfigError, ServiceUnavailable
from spotistream.serving import kafka_client
from spotistream.serving.bulk import BulkPublisher
from spotistream.serving.kafka_client import client_options

PLAIN = Kafka(
    bootstrap_servers="one:9092, two:9093", fetch_max_wait_ms=20, max_offsets_per_trigger=1, partitions=1,
    replication_factor=1, security_protocol="PLAINTEXT", sasl_mechanism="", sasl_username="", sasl_password="",
)  # fmt: skip


def test_every_server_is_given_to_the_client():
    options = client_options(PLAIN)
    assert options["bootstrap_servers"] == ["one:9092", "two:9093"]
    assert options["security_protocol"] == "PLAINTEXT"
    assert not any(name.startswith("sasl") for name in options)


def test_a_log_in_is_given_to_the_client():
    kafka = replace(
        PLAIN, security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-512", sasl_username="ann", sasl_password="x"
    )
    options = client_options(kafka)
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("ann", "x")


def test_an_unknown_log_in_is_refused():
    with pytest.raises(ConfigError, match="sasl_mechanism"):
        client_options(replace(PLAIN, security_protocol="SASL_SSL", sasl_mechanism="GSSAPI"))


def test_a_broker_that_is_away_is_one_line(monkeypatch):
    monkeypatch.setattr(kafka_client, "BOOTSTRAP_TIMEOUT_MS", 300)
    with pytest.raises(ServiceUnavailable) as raised:
        BulkPublisher(replace(PLAIN, bootstrap_servers="127.0.0.1:1"))
    assert str(raised.value) == (
        "Kafka at 127.0.0.1:1 does not answer; start it, or change the setting kafka.bootstrap_servers"
    )
