"""The settings that tuning found for the plays of this home, as training and evaluation use them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spotistream.config import Config
from spotistream.io.tuned import read_result, result_file, tuning_folder, unusable
from spotistream.models.registry import MODELS
from spotistream.models.search import holds
from spotistream.models.space import Choice, Space


def tuned_settings_of(cfg: Config, model_name: str) -> Mapping[str, Any]:
    """What tuning found for a model of the registry; empty, for its defaults, where it was never tuned.

    Raises ``ModelError`` where the file holds a setting that the model does not have, or a value out of its range.
    """
    return settings_in(tuning_folder(cfg), model_name)


def settings_in(folder: Path, model_name: str) -> Mapping[str, Any]:
    """The same of a folder of results."""
    found = read_result(folder, model_name)
    if found is None:
        return {}
    settings: dict[str, Any] = found["settings"]
    problem = problem_with(settings, MODELS[model_name].space)
    if problem is not None:
        raise unusable(result_file(folder, model_name), model_name, problem)
    return settings


def problem_with(settings: Mapping[str, Any], space: Space) -> str | None:
    """The first of the settings that the space does not hold, in words; None where it holds them all."""
    for name, value in settings.items():
        if name not in space:
            return f"{name!r} is no setting of the model"
        where = space[name]
        if not holds(where, value):
            allowed = (
                f"one of {', '.join(map(str, where.values))}"
                if isinstance(where, Choice)
                else f"a{' whole' if where.whole else ''} number from {where.low:g} to {where.high:g}"
            )
            return f"{name} is {value!r}, not {allowed}"
    return None
