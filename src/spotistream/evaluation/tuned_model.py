"""One model tuned on one set of data: what is tried first, where the search is kept, what is written at the end."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from spotistream.errors import ModelError
from spotistream.evaluation.rungs import Question, rungs
from spotistream.evaluation.study import DEFAULTS, PARTS, PRESET, STORED, Finished, Settings, Study, study_name
from spotistream.evaluation.tuning import made_of, parts_of
from spotistream.evaluation.tuning_loop import Judge, Search, best_and_default
from spotistream.io.tuned import read_result, write_result
from spotistream.models.hybrid import STARTS
from spotistream.models.ranking import Ranker
from spotistream.models.registry import MODELS
from spotistream.models.search import holds

LIBRARIES = ("spotistream", "numpy", "scipy", "implicit", "optuna")


@dataclass(frozen=True)
class Found:
    """What came of it. ``trials`` are all those of the study, of earlier calls too; ``best`` None where none ended."""

    model: str
    trials: list[Finished]
    best: Finished | None
    default: Finished | None
    importance: Mapping[str, float]
    resumed: int
    problems: list[str]


@dataclass(frozen=True)
class KeptValues:
    """NDCG of each listener under the defaults, in a file."""

    path: Path

    def load(self) -> NDArray[np.float64] | None:
        with suppress(OSError, ValueError, EOFError):
            return np.load(self.path, allow_pickle=False)
        return None

    def save(self, values: NDArray[np.float64]) -> None:
        draft = self.path.with_suffix(".draft.npy")
        np.save(draft, values)
        draft.replace(self.path)


def default_settings(model: type[Ranker]) -> dict[str, Any]:
    """What holds where nothing is said: ``DEFAULTS`` of the model's module, or of its parts' where it has such."""
    if parts_of(model):
        return dict(made_of(model, {part: default_settings(MODELS[part]) for part in parts_of(model)}))
    said = getattr(importlib.import_module(model.__module__), "DEFAULTS", {})
    return {name: said[name] for name in model.space if name in said}


def tune_model(
    model: type[Ranker],
    question: Question,
    judge: Judge,
    *,
    folder: Path,
    seconds: float,
    parts: Mapping[str, Settings],
    stopped: Callable[[], bool],
    show: Callable[[float, Study], None],
) -> Found:
    """Search until the time is over or ``stopped``.

    parts : settings found for the models it is made of
    """
    told = fingerprint(question)
    steps = rungs(question.valid.shape[0])
    name = study_name(model.name, model.space, data=told, rungs=steps)
    study = Study(folder / f"{model.name}.db", name, model.space, rungs=steps, seed=question.seed)
    begun = time.monotonic()
    if not study.knows_defaults():
        study.begin_with([(DEFAULTS, _defaults(model, judge))])
    study.begin_with(_further_starts(model, folder, parts))
    kept = KeptValues(folder / f"{model.name}-{told}.npy")
    left = seconds - (time.monotonic() - begun)
    Search(study, judge, kept, left, question.seed, stopped, show).run()
    best, default = best_and_default(study)
    return Found(
        model=model.name,
        trials=study.trials(),
        best=best,
        default=default,
        importance=study.importance(),
        resumed=study.resumed,
        problems=study.problems(),
    )


def _defaults(model: type[Ranker], judge: Judge) -> Settings:
    """A model made of others suits its parts to the data: what it chooses is what holds where nothing is said."""
    own = judge.own_settings() if parts_of(model) else {}
    return {**default_settings(model), **{name: value for name, value in own.items() if name in model.space}}


def _further_starts(model: type[Ranker], folder: Path, parts: Mapping[str, Settings]) -> list[tuple[str, Settings]]:
    """What is stored, what was found for the parts, and what the hybrid begins with: those within the space."""
    with_parts = {part: parts.get(part) or default_settings(MODELS[part]) for part in parts_of(model)}
    try:
        stored = (read_result(folder, model.name) or {}).get("settings", {})
    except ModelError:  # it is about to be replaced
        stored = {}
    found: list[tuple[str, Settings]] = [(STORED, stored)]
    if with_parts:
        found.append((PARTS, made_of(model, with_parts)))
    found += [(PRESET, {**default_settings(model), **preset}) for preset in STARTS.get(model.name, ())]
    return [(where, one) for where, one in found if _whole(one, model)]


def _whole(settings: Settings, model: type[Ranker]) -> bool:
    return settings.keys() == model.space.keys() and all(holds(model.space[key], settings[key]) for key in settings)


def store(found: Found, question: Question, *, folder: Path, source: str) -> Path | None:
    """Write what was found, for training; None where no trial ended."""
    if found.best is None:
        return None
    result = {**as_result(found, question), "source": source, "tuned_at": datetime.now(UTC).isoformat()}
    return write_result(folder, found.model, result)


def as_result(found: Found, question: Question) -> dict[str, Any]:
    """Everything about it in JSON's types. Figures are of the listeners the settings were chosen by."""
    name = f"ndcg@{question.k}"
    best, default = found.best, found.default
    m, n = question.train.weights.shape
    return {
        "model": found.model,
        "settings": None if best is None else dict(best.settings),
        name: None if best is None else best.value,
        f"{name}_interval": None if best is None or best.interval is None else list(best.interval),
        "default": None if default is None else {"settings": dict(default.settings), **_figures(default, name)},
        f"{name}_over_default": _ratio(best, default),
        f"{name}_over_default_interval": None if best is None or best.gain is None else list(best.gain),
        "trials": {
            "all_listeners": sum(not one.pruned for one in found.trials),
            "pruned": sum(one.pruned for one in found.trials),
            "failed": len(found.problems),
            "of_earlier_calls": found.resumed,
        },
        "importance": dict(found.importance),
        "data": {
            "fingerprint": fingerprint(question), "listeners": m, "items": n,
            "learned": int(question.train.weights.nnz), "held_out": int(question.valid.nnz),
        },
        "rungs": list(rungs(m)),
        "k": question.k,
        "seed": question.seed,
        "libraries": {library: importlib.metadata.version(library) for library in LIBRARIES},
    }  # fmt: skip


def _figures(one: Finished, name: str) -> dict[str, Any]:
    return {name: one.value, f"{name}_interval": None if one.interval is None else list(one.interval)}


def _ratio(best: Finished | None, default: Finished | None) -> float | None:
    return best.value / default.value if best and default and default.value else None


def fingerprint(question: Question) -> str:
    """The same for the same data, length of a list and seed."""
    digest = hashlib.sha256(f"{question.k} {question.seed}".encode())
    train = question.train
    for part in (train.weights, question.valid, train.sittings):
        if part is not None:
            _add(digest, part)
    for array in (train.sounds, train.artists):
        digest.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    digest.update("\n".join(train.items.tolist()).encode())
    return digest.hexdigest()[:12]


def _add(digest: Any, matrix: csr_matrix) -> None:
    ordered = matrix.tocsr().copy()
    ordered.sort_indices()
    digest.update(str(ordered.shape).encode())
    for array, kind in ((ordered.indptr, np.int64), (ordered.indices, np.int64), (ordered.data, np.float32)):
        digest.update(array.astype(kind).tobytes())


def settings_of(found: Found) -> Settings:
    """The best; empty where no trial ended."""
    return {} if found.best is None else asdict(found.best)["settings"]
