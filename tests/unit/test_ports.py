"""Ports on loopback."""

from __future__ import annotations

import socket

from spotistream.services.ports import LOOPBACK, free_ports, is_listening


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
    assert len(set(free_ports([0, 0, None]))) == 3
