"""Free ports on loopback."""

from __future__ import annotations

import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"


def free_ports(wanted: Sequence[int | None]) -> list[int]:
    """One free port for each entry: the one wanted where it is free, else another."""
    held: list[socket.socket] = []
    try:
        for port in wanted:
            held.append(_bound(port) or _bound(0) or socket.socket())
        return [probe.getsockname()[1] for probe in held]
    finally:
        for probe in held:
            probe.close()


def _bound(port: int | None) -> socket.socket | None:
    if port is None:
        return None
    probe = socket.socket()
    try:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
    except OSError:
        probe.close()
        return None
    return probe


def is_listening(port: int, *, timeout_s: float = 0.5) -> bool:
    """Something accepts connections there."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=timeout_s):
            return True
    except OSError:
        return False
