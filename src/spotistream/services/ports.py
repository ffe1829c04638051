"""Free ports on loopback, outside those that the kernel gives to outgoing connections.

A service is started on a port some time after it was chosen, and again on it after a crash. A port of the kernel's own
range could go to any client's connection meanwhile.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOWEST, HIGHEST = 10_000, 65_535
"""Ports to choose among; below are those that other software is known by."""
OUTGOING_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")
OUTGOING = range(32_768, HIGHEST + 1)
"""Where no such file is: the range of Linux and the one of IANA, which others keep to, together."""
TRIES = 200


def free_ports(wanted: Sequence[int | None]) -> list[int]:
    """One free port for each entry, all different: the one wanted where it is free, else another."""
    chosen: list[int] = []
    for port in wanted:
        kept = port if port and port not in chosen and _is_free(port) else None
        chosen.append(kept or _another(chosen))
    return chosen


def outgoing_ports(file: Path | None = None) -> range:
    """The ports that the kernel gives to outgoing connections, by this file, else by that of the machine."""
    try:
        first, last = map(int, (file or OUTGOING_FILE).read_text().split())
    except (OSError, ValueError):
        return OUTGOING
    return range(first, last + 1)


def safe_ports(outgoing: range) -> list[int]:
    """The ports that no outgoing connection is given; none where the kernel has them all."""
    return [port for port in range(LOWEST, HIGHEST + 1) if port not in outgoing]


def _another(taken: Sequence[int]) -> int:
    """A free port, by chance, so that homes that start at the same moment choose different ones.

    Where every safe port that is tried is taken, one of the kernel's.
    """
    safe = safe_ports(outgoing_ports())
    for port in random.sample(safe, min(TRIES, len(safe))):
        if port not in taken and _is_free(port):
            return port
    return _of_the_kernel(taken)


def _of_the_kernel(taken: Sequence[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_listening(port: int, *, timeout_s: float = 0.5) -> bool:
    """Something accepts connections there."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=timeout_s):
            return True
    except OSError:
        return False
