"""The model in use, looked up again before every batch."""

from __future__ import annotations

import logging
from pathlib import Path

from spotistream.config import Config
from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.models.hybrid import HybridModel

log = logging.getLogger(__name__)


class CurrentModel:
    """Loads the current artefact once, and again when another becomes current; a broken one is refused and logged."""

    def __init__(self, cfg: Config) -> None:
        self._models = Path(cfg.paths.models)
        self._model: HybridModel | None = None
        self._refused: str | None = None

    def get(self) -> HybridModel:
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


def load_model(models: Path, version: str) -> HybridModel:
    """A version as a model. Raises ``ModelError``."""
    arrays, manifest = artefacts.load_artefact(models, version)
    try:
        return HybridModel.from_parts(arrays, manifest)
    except KeyError as exc:
        raise ModelError(models / version, f"it lacks {exc}", remedy="train it again") from exc
