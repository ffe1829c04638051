"""What processes listen on, read from Linux's /proc."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}
"""127.0.0.1, and the same mapped into IPv6, which is what a JVM listens on; in the hexadecimal of /proc/net."""


def listening_addresses(root_pid: int) -> set[str]:
    """The addresses, in /proc/net's hexadecimal, that a process or one it started listens on."""
    inodes = {inode for pid in descendants(root_pid) for inode in _sockets(pid)}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A" and f"socket:[{inode}]" in inodes:
                found.add(local.split(":")[0])
    return found


def descendants(pid: int) -> list[int]:
    """The process and all it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:  # it has ended meanwhile
        return []
    return [pid, *(each for child in children for each in descendants(int(child)))]


def still_there(pids: list[int]) -> list[int]:
    """Those that run; one that has ended and was not waited for does not."""
    return [pid for pid in pids if _state(pid) not in (None, "Z")]


def _sockets(pid: int) -> set[str]:
    """What the process has open of ``socket:[inode]``; files are opened and closed while it is looked at."""
    found = set()
    with suppress(FileNotFoundError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(link.readlink()))
    return {target for target in found if target.startswith("socket:")}


def _state(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
