"""The player's process: one clear line and an exit code for each thing that is wrong."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from dashboard.__main__ import address_of, listening_socket, main
from spotistream.errors import EnvironmentProblem


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOTISTREAM__MONGO__URI", "mongodb://127.0.0.1:1")
    monkeypatch.setenv("SPOTISTREAM__MONGO__TIMEOUT_MS", "200")
    monkeypatch.setenv("SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1")


def test_taken_port_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["--home", str(tmp_path), "--port", str(port)]) == 3

    assert capsys.readouterr().err == (f"spotistream: port {port} of 127.0.0.1 is taken; choose another with --port\n")


def test_store_that_is_away_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "--port", "0"]) == 4
    assert capsys.readouterr().err == (
        "spotistream: the document store at mongodb://127.0.0.1:1 does not answer; "
        "start it, or change the setting mongo.uri\n"
    )


def test_embedded_services_are_not_started_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPOTISTREAM__MONGO__URI")

    assert main(["--home", str(tmp_path)]) == 2
    assert "setting 'mongo.uri'" in capsys.readouterr().err


def test_port_beyond_the_last_is_refused() -> None:
    with pytest.raises(EnvironmentProblem, match="port 65536 does not exist"):
        listening_socket("127.0.0.1", 65_536)


def test_address_of_an_ipv6_socket_has_brackets() -> None:
    with listening_socket("::1", 0) as listener:
        assert address_of(listener).startswith("http://[::1]:")
