"""One Spark session for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spotistream.config import Config, load_config
from spotistream.io.session import build_session


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A local session with this project's settings."""
    roomy = {"SPOTISTREAM__SPARK__DRIVER_MEMORY": "2g"}  # for all jobs in turn; each alone does with the default
    cfg = load_config(home=tmp_path_factory.mktemp("spark-home"), profile="local", environ=roomy)
    session = build_session(cfg, "tests")
    yield session
    session.stop()


@pytest.fixture(scope="module", autouse=True)
def forgotten_tables() -> Iterator[None]:
    """A module's tables go with it: Delta keeps the state of each table it has read for an hour, in the heap of the one
    session that all modules share."""
    yield
    if spark := SparkSession.getActiveSession():
        spark.catalog.clearCache()
        spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


@pytest.fixture
def cfg(tmp_path: Path) -> Config:
    """The local configuration with an empty home of its own."""
    return load_config(home=tmp_path / "home", profile="local", environ={})
