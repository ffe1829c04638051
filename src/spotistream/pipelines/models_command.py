"""``spotistream models``: the versions there are, how two differ, back to an older one, the card. It starts nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spotistream.errors import InputError

EXAMPLES = """VERSION is a name from the list, its beginning, current or previous.

examples:
  spotistream models                                     every version, newest first
  spotistream models compare previous current            settings and figures that differ
  spotistream models use previous                        back to it; no training replaces it
  spotistream models use newest                          to the newest one again; training decides from here on
  spotistream models card --out card.html                the card of the current one
"""
TAKES = {"list": (0, 0), "compare": (2, 2), "use": (1, 1), "card": (0, 1)}
"""How many versions each action is about, at least and at most."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes, apart from what every command takes."""
    parser.add_argument("action", nargs="?", choices=list(TAKES), default="list", help="what to do (else list)")
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="compare: two; use, card: one")
    parser.add_argument("--out", type=Path, metavar="FILE", help="card: where to write it (else the version's folder)")
    parser.add_argument("--json", action="store_true", help="one JSON value instead of text")


def answered(models: Path, arguments: argparse.Namespace) -> str:
    """What is printed. Raises ``InputError`` for arguments that cannot be used, ``ModelError`` for a broken version."""
    from spotistream.io import artefacts
    from spotistream.pipelines import model_listing, model_versions

    action, names = arguments.action, arguments.versions
    _check(action, names, arguments.out)
    told: Any
    if action == "list":
        told = model_listing.rows(artefacts.versions(models), model_versions.pointers(models))
        text = model_listing.as_table(told)
    elif action == "compare":
        chosen = [model_versions.named(models, name) for name in names]
        found = model_listing.differences(*(artefacts.load_manifest(models, name) for name in chosen))
        told = {"a": chosen[0], "b": chosen[1], "differences": found}
        text = model_listing.differences_table(chosen, found)
    elif action == "use":
        told = model_versions.used(models, names[0])
        text = _said(told)
    else:
        version = model_versions.named(models, names[0] if names else model_versions.CURRENT)
        path = model_versions.written_card(models, version, out=arguments.out)
        told, text = {"version": version, "card": str(path)}, str(path)
    return json.dumps(told, indent=2, ensure_ascii=False) if arguments.json else text


def _check(action: str, names: list[str], out: Path | None) -> None:
    least, most = TAKES[action]
    if not least <= len(names) <= most:
        wanted = {0: "no version", 1: "one version", 2: "two versions"}[most]
        raise InputError(f"models {action}", f"is about {wanted}", remedy="spotistream models lists the versions")
    if out is not None and action != "card":
        raise InputError("--out", "is where a card goes", remedy="use it with: spotistream models card")


def _said(told: Mapping[str, Any]) -> str:
    if told["pinned"]:
        return (
            f"model {told['current']} is in use and pinned: no training replaces it until you run "
            "spotistream models use newest, or train with --force"
        )
    return f"model {told['current']} is in use; the next training that is not worse replaces it"
