"""The model in use, looked up again before every batch."""

from __future__ import annotations

import logging
from pathlib import Path

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.models.served import ServedModel

log = logging.getLogger(__name__)


class CurrentModel:
    """Loads the current artefact once, and again when another becomes current; a broken one is refused and logged."""

    def __init__(self, cfg: Config) -> None:
        self._models = Path(cfg.paths.models)
        self._model: ServedModel | None = None
        self._refused: str | None = None

    def get(self) -> ServedModel:
        """The model. Raises ``ModelError`` where there is none and never was."""
        version = artefacts.current_version(self._models)
        if self._model is not None and version in (None, self._model.version, self._refused):
            return self._model
        if version is None:
            raise ModelError(self._models, "none was trained yet", remedy="run: spotistream run train_model")
        try:
            self._model = load_model(self._models, version)
            log.info("model %s is in use", version)
        except ModelError as exc:
            if self._model is None:
                raise
            self._refused = version
            log.error("%s; model %s stays in use", exc, self._model.version)
        return self._model


def model_in_use(cfg: Config) -> ServedModel | None:
    """The current model; None where there is none, or one that cannot be read, which the log says."""
    models = Path(cfg.paths.models)
    version = artefacts.current_version(models)
    if version is None:
        return None
    try:
        return load_model(models, version)
    except ModelError as exc:
        log.error("%s", exc)
        return None


def load_model(models: Path, version: str) -> ServedModel:
    """A version as a model. Raises ``ModelError``."""
    arrays, manifest = artefacts.load_artefact(models, version)
    try:
        return ServedModel.from_parts(arrays, manifest)
    except (KeyError, ValueError) as exc:
        raise ModelError(models / version, f"it lacks {exc}", remedy="train it again") from exc
