"""What an operator does with the versions of the model: find one, go back to it, write its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spotistream.errors import InputError, ModelError
from spotistream.files import replace_text
from spotistream.io import artefacts
from spotistream.models.card import card_page, write_card
from spotistream.models.report import Confusion
from spotistream.pipelines.model_listing import InUse
from spotistream.services.locking import locked

CURRENT, PREVIOUS, NEWEST = "current", "previous", "newest"
SEE = "spotistream models lists the versions"


def pointers(models: Path) -> InUse:
    """What is in use."""
    return InUse(
        artefacts.current_version(models), artefacts.previous_version(models), artefacts.pinned_version(models)
    )


def used(models: Path, name: str) -> dict[str, Any]:
    """Make a version current and pin it, once it has been loaded; ``newest`` releases the pin instead."""
    from spotistream.pipelines.current_model import load_model

    if not models.is_dir():
        raise _none(models)
    with locked(models / artefacts.LOCK):
        version = _newest(models) if name == NEWEST else named(models, name)
        load_model(models, version)
        if name == NEWEST:
            artefacts.release(models)
            artefacts.point_to(models, version)
        else:
            artefacts.pin(models, version)
        found = pointers(models)
    return {"current": found.current, "previous": found.previous, "pinned": found.pinned is not None}


def written_card(models: Path, version: str, *, out: Path | None) -> Path:
    """Write the card of a version into its folder, or to ``out``. Returns where."""
    manifest = artefacts.load_manifest(models, version)
    confusion = genre_confusion(models)
    try:
        if out is None:
            return write_card(models / version, manifest, confusion=confusion)
        out = out.expanduser()
        if not out.parent.is_dir():
            raise InputError(str(out.parent), "is not a folder", remedy="make it, or choose another with --out")
        replace_text(out, card_page(manifest, confusion=confusion))
    except OSError as exc:
        problem = f"cannot be written ({exc.strerror or exc})"
        raise InputError(str(out or models / version), problem, remedy="choose another place with --out") from exc
    return out


def genre_confusion(models: Path) -> Confusion | None:
    """How the classifier of genres in use confuses them; None where there is none that says so."""
    from spotistream.pipelines.genre_classifier import FOLDER as GENRES

    version = artefacts.current_version(models / GENRES)
    if version is None:
        return None
    try:
        manifest = artefacts.load_manifest(models / GENRES, version)
        counts = tuple(tuple(int(count) for count in row) for row in manifest["metrics"]["confusion"])
        return Confusion(tuple(str(genre) for genre in manifest["genres"]), counts)
    except (ModelError, KeyError, TypeError, ValueError):
        return None


def named(models: Path, name: str) -> str:
    """The version that is meant. Raises ``InputError`` where it is none, or more than one."""
    found = [one.name for one in artefacts.versions(models, verify=False)]
    pointed = {CURRENT: artefacts.current_version(models), PREVIOUS: artefacts.previous_version(models)}
    if name in pointed:
        meant = pointed[name]
        if meant is None and name == CURRENT:
            raise _none(models)
        if meant is None:
            raise InputError(f"model {name}", "no other was in use before", remedy=SEE)
        return meant
    matching = [name] if name in found else [one for one in found if name and one.startswith(name)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise InputError(f"model {name}", f"{len(matching)} versions begin so", remedy="write more of its name")
    raise InputError(f"model {name}", f"is no version in {models}", remedy=SEE)


def _newest(models: Path) -> str:
    """The newest version that is whole and was not refused."""
    fit = [one for one in artefacts.versions(models) if not (one.problem or one.refused)]
    if not fit:
        raise _none(models)
    return fit[0].name


def _none(models: Path) -> ModelError:
    return ModelError(models, "none was trained yet", remedy="run: spotistream run train_model")
