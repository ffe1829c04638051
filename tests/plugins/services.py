"""A real broker and a real document store, started once for the whole run and stopped at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spotistream.services.running import start_missing


@pytest.fixture(scope="session")
def services_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home whose broker and store the other fixtures start."""
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="session")
def broker(services_home: Path) -> Iterator[str]:
    """The address of a Kafka broker, host:port. It creates no topic by itself."""
    with start_missing(services_home, kafka=True, store=False) as addresses:
        yield str(addresses.kafka)


@pytest.fixture(scope="session")
def store(services_home: Path) -> Iterator[str]:
    """The URI of a document store. Every test uses a database name of its own."""
    with start_missing(services_home, kafka=False, store=True) as addresses:
        yield str(addresses.mongo)
