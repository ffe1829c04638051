"""``spotistream replay-rejected``: its arguments."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from spotistream.errors import InputError

EXAMPLES = """Messages go to topic plays as they came, in the order they came in, and are checked like any other: what
is still wrong is rejected again, and an event that is known already counts once. What was replayed is remembered by its
bytes and not sent by a later call, unless --again.

examples:
  spotistream replay-rejected --dry-run                                    how many there are, by reason
  spotistream replay-rejected --since 2026-05-01 --reason "in the future"
  spotistream replay-rejected --again                                      also what was replayed before
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from what every command takes."""
    parser.add_argument("--since", metavar="TIME", help="only what came from this time on, UTC")
    parser.add_argument("--reason", metavar="TEXT", help="only messages whose reason has this in it, case aside")
    parser.add_argument("--again", action="store_true", help="also what was replayed before")
    parser.add_argument("--dry-run", action="store_true", help="say how many there are, by reason, and send none")


def moment(text: str | None) -> datetime | None:
    """The time of ``--since``; UTC where it has no zone. Raises ``InputError`` where it is none."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--since {text}", "is not a time", remedy="write it as 2026-05-01T12:30") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
