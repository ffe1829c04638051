"""What a command of ``spotistream`` is: its name, what its help says, its arguments, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command. It is called with its parsed arguments, and raises what ``launch.guarded`` makes a line of."""

    name: str
    summary: str
    run: Callable[[argparse.Namespace], None]
    arguments: tuple[Callable[[argparse.ArgumentParser], None], ...] = ()
    """Each adds some, in the order in which the help shows them."""
    description: str | None = None
    epilog: str | None = None


def command_parser(
    commands: Sequence[Command], *, description: str, epilog: str, version: str
) -> argparse.ArgumentParser:
    """The parser of all commands. What it parses has the function to call in ``command``."""
    kept = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="spotistream", description=description, epilog=epilog, formatter_class=kept)
    parser.add_argument("--version", action="version", version=f"spotistream {version}")
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in commands:
        one = added.add_parser(
            each.name, help=each.summary, description=each.description, epilog=each.epilog, formatter_class=kept
        )
        for add in each.arguments:
            add(one)
        one.set_defaults(command=each.run)
    return parser
