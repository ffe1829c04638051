"""What is known of the versions of a model, and which of them nobody will want again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEPT_TRAINED = 5
"""Trained versions kept beside the current and the previous one, to go back to, each with its newest extension."""
KEPT_REFUSED = 2
"""Versions kept to be looked at though they are not used: refused by the gate, or broken; so many of each."""


@dataclass(frozen=True)
class Version:
    """One folder of an artefact.

    made : seconds since 1970
    manifest : empty where it cannot be read
    problem : why it cannot be used; None where it can
    """

    name: str
    made: float
    manifest: Mapping[str, Any]
    problem: str | None = None

    @property
    def extends(self) -> str | None:
        """The version it is, with other tracks; None for one that was trained."""
        return self.manifest.get("extends")

    @property
    def trained(self) -> str:
        """The trained version in which what it learned was learned; itself where it was trained."""
        return str(self.manifest.get("trained_version") or self.extends or self.name)

    @property
    def refused(self) -> str | None:
        """Why it was judged worse than the one it was to replace; None where it was not."""
        verdict = self.manifest.get("verdict")
        if not isinstance(verdict, Mapping) or verdict.get("accepted", True):
            return None
        return str(verdict.get("reason", "no reason is given"))


def superfluous(found: Sequence[Version], *, in_use: Sequence[str | None]) -> list[str]:
    """The names of the versions that can go.

    found : newest first
    in_use : versions that stay whatever they are
    Extensions go first, for they are made again from what they extend: one is kept for each trained version.
    """
    whole = [one for one in found if one.problem is None]
    trained = [one for one in whole if one.extends is None and one.refused is None and one.name not in in_use]
    refused = [one for one in whole if one.extends is None and one.refused is not None and one.name not in in_use]
    broken = [one for one in found if one.problem is not None and one.name not in in_use]
    kept = {*in_use, *(one.name for one in trained[:KEPT_TRAINED])}
    kept |= {one.name for part in (refused, broken) for one in part[:KEPT_REFUSED]}
    newest: dict[str, str] = {}
    for one in whole:
        if one.extends is not None and (one.trained in kept or one.name in in_use):
            newest.setdefault(one.trained, one.name)
    kept |= set(newest.values())
    kept |= {one.trained for one in found if one.name in in_use}
    return [one.name for one in found if one.name not in kept]
