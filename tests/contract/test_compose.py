"""conf/compose.yaml: its parts fit together, and the broker and this package take the settings it gives them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from spotistream.config import ENV_PREFIX, Config, load_config
from spotistream.services.jars import KAFKA, default_jars_dir, fetch_jars
from spotistream.services.java import default_private_home, find_java
from spotistream.serving.kafka_client import client_options

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"[\w./-]+:\d+\.\d+\.\d+(-[\w.-]+)?")
KEYS = {
    "image", "build", "init", "restart", "volumes", "command", "environment", "ports", "healthcheck", "depends_on",
    "stop_grace_period",
}  # fmt: skip
"""Keys of a service in the Compose specification that are used here."""
NEEDED_BY_SETUP = {"setup.cfg", "pyproject.toml", "README.md", "LICENSE", "scripts", "conf"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "conf" / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


@pytest.fixture(scope="module")
def cfg(services: dict[str, dict[str, Any]]) -> Config:
    """The configuration that the service in its container has."""
    return load_config(environ=services["service"]["environment"])


def dockerfile(compose: dict[str, Any]) -> list[str]:
    return compose["x-spotistream"]["build"]["dockerfile_inline"].splitlines()


def host_of(address: str) -> str:
    return address.rpartition("//")[2].split(":")[0]


def test_it_starts_broker_store_cluster_and_service(services: dict[str, dict[str, Any]]) -> None:
    assert list(services) == ["kafka", "mongo", "spark-master", "spark-worker", "service"]


def test_every_key_is_one_that_compose_knows(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    assert set(compose) == {"name", "x-spotistream", "services", "volumes"}
    assert {key for service in services.values() for key in service} <= KEYS


def test_images_are_pinned_to_a_patch_version(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    images = [service["image"] for service in services.values()]
    images += [line.split()[1] for line in dockerfile(compose) if line.startswith("FROM ")]
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_only_this_machine_reaches_it(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert len(ports) == 5
    assert [port for port in ports if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)] == []
    assert not any("network_mode" in service for service in services.values())


def test_what_one_service_waits_for_is_there(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        waited = service.get("depends_on", {})
        assert set(waited) <= set(services)
        for name in waited if isinstance(waited, dict) else {}:
            assert waited[name]["condition"] != "service_healthy" or "healthcheck" in services[name]
        assert {volume.split(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])


def test_the_image_holds_what_setup_needs(compose: dict[str, Any]) -> None:
    copied = {
        source
        for line in dockerfile(compose)
        if line.startswith("COPY ")
        for source in line.split()[1:-1]
        if not source.startswith("--")
    }
    assert [name for name in copied if not (ROOT / name).exists()] == []
    packages = {"src", "dashboard", "batch_jobs", "streaming_jobs"}
    assert copied == NEEDED_BY_SETUP | packages


def test_every_setting_exists_and_names_a_service(services: dict[str, dict[str, Any]], cfg: Config) -> None:
    kafka, master = services["kafka"]["environment"], services["spark-master"]["command"]
    assert f"INSIDE://{cfg.kafka.bootstrap_servers}" in kafka["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert cfg.spark.master == f"spark://{master[master.index('--host') + 1]}:{master[master.index('--port') + 1]}"
    assert services["spark-worker"]["command"][-1] == cfg.spark.master
    assert {host_of(cfg.kafka.bootstrap_servers), host_of(cfg.mongo.uri), host_of(cfg.spark.master)} <= set(services)
    command = services["mongo"]["command"]
    assert cfg.mongo.uri.endswith(f"?replicaSet={command[command.index('--replSet') + 1]}")
    assert client_options(cfg.kafka)["bootstrap_servers"] == ["kafka:9092"]
    published = {int(port.split(":")[2]) for port in services["service"]["ports"]}
    assert published == {cfg.player.port, cfg.monitoring.port}


def test_what_workers_read_too_is_on_the_volume_they_share(services: dict[str, dict[str, Any]], cfg: Config) -> None:
    for name in ("service", "spark-worker"):
        assert services[name]["volumes"] == ["data:/data"]
    places = [cfg.home, *map(Path, vars(cfg.paths).values())]
    assert [place for place in places if not place.is_relative_to("/data")] == []


def test_no_other_variable_looks_like_a_setting(services: dict[str, dict[str, Any]]) -> None:
    """``load_config`` refuses unknown settings; a misspelt prefix would pass unseen."""
    names = services["service"]["environment"]
    assert {name for name in names if not name.startswith(ENV_PREFIX)} == {"SPOTISTREAM_HOME", "SPOTISTREAM_PROFILE"}


def test_kafka_itself_takes_its_settings(services: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """The image turns KAFKA_LOG_DIRS into log.dirs; the same broker checks them all when its folder is set up."""
    given = services["kafka"]["environment"]
    properties = {name.removeprefix("KAFKA_").lower().replace("_", "."): value for name, value in given.items()}
    properties["log.dirs"] = str(tmp_path / "data")
    settings = tmp_path / "server.properties"
    settings.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))
    java = find_java(default_private_home())
    fetch_jars(KAFKA, default_jars_dir(), java=java, progress=lambda _: None)
    tool = [str(java.executable), "-cp", f"{default_jars_dir() / KAFKA}/*", "kafka.tools.StorageTool", "format"]
    done = subprocess.run(
        [*tool, "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qk", "--config", str(settings)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "data" / "meta.properties").exists()
