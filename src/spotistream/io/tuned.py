"""What tuning found for a model: a file beside the models, and the search it came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io.durable import replace_durably

FOLDER = "tuning"


def tuning_folder(cfg: Config, *, of_files: str | None = None) -> Path:
    """Where tuning keeps what it found on the plays of this home; ``of_files``: on files, by what names their data.

    What was found on files is kept apart, so it does not change how this home is trained.
    """
    folder = Path(cfg.paths.models) / FOLDER
    return folder if of_files is None else folder / of_files


def result_file(folder: Path, model: str) -> Path:
    """The settings of a model and how they were found."""
    return folder / f"{model}.json"


def write_result(folder: Path, model: str, result: Mapping[str, Any]) -> Path:
    """Replace what was found before, in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    path = result_file(folder, model)
    replace_durably(path, json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False).encode())
    return path


def read_result(folder: Path, model: str) -> dict[str, Any] | None:
    """What was found; None where nothing was. Raises ``ModelError`` where the file is something else."""
    path = result_file(folder, model)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise unusable(path, model, f"what tuning found cannot be read ({exc})") from exc
    if not isinstance(found, dict) or not isinstance(found.get("settings"), dict):
        raise unusable(path, model, "it holds no settings")
    return found


def unusable(path: Path, model: str, problem: str) -> ModelError:
    """The error for a result that is there and cannot be used."""
    return ModelError(path, problem, remedy=f"tune it again: spotistream tune --model {model}; or remove the file")
