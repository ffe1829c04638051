"""Ports on loopback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from spotistream.services import ports
from spotistream.services.ports import LOOPBACK, free_ports, is_listening, outgoing_ports, safe_ports


def test_a_wanted_port_is_kept_while_it_is_free() -> None:
    (port,) = free_ports([0])

    assert free_ports([port]) == [port]


def test_a_taken_port_is_replaced() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_ports([port]) != [port]
        assert is_listening(port)


def test_ports_asked_for_together_differ() -> None:
    first, second, third = free_ports([0, 0, None])

    assert len({first, second, third}) == 3
    assert len(set(free_ports([first, first, second]))) == 3


def test_no_outgoing_connection_is_given_a_port_that_was_chosen() -> None:
    outgoing = outgoing_ports()
    if not safe_ports(outgoing):
        pytest.skip("every port of this machine may go to an outgoing connection")

    assert [port for port in free_ports([0] * 50) if port in outgoing] == []


def test_the_range_of_outgoing_connections_is_read_where_it_can_be(tmp_path: Path) -> None:
    told, broken = tmp_path / "told", tmp_path / "broken"
    told.write_text("20000\t29999\n")
    broken.write_text("\n")

    assert outgoing_ports(told) == range(20_000, 30_000)
    assert outgoing_ports(broken) == outgoing_ports(tmp_path / "none") == range(32_768, 65_536)
    safe = safe_ports(outgoing_ports(told))
    assert (safe[0], safe[-1], 20_000 in safe, 29_999 in safe, 30_000 in safe) == (10_000, 65_535, False, False, True)


def test_where_the_kernel_has_all_ports_it_chooses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = tmp_path / "everything"
    everything.write_text("1024 65535")
    monkeypatch.setattr(ports, "OUTGOING_FILE", everything)

    assert safe_ports(outgoing_ports()) == []
    assert len(set(free_ports([0, 0]))) == 2


def test_where_every_safe_port_is_taken_the_kernel_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(ports, "safe_ports", lambda outgoing: [port])

        (another,) = free_ports([0])

    assert another != port
