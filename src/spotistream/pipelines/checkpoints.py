"""Checkpoints of streaming queries as they lie on the disk: read, and moved aside. Spark alone writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from spotistream.errors import InputError
from spotistream.monitoring.figures import Offset

ASIDE = "set-aside"
"""Folder beside the checkpoints that holds those that were reset."""
_SCHEMA_LINE = re.compile(rb'\{"type":"struct".*')


@dataclass(frozen=True)
class Checkpoint:
    """Of one query.

    query_id : Spark's name for it, under which Delta knows what was written
    batch : the last one that was begun; ``committed`` the last one that was finished
    offsets : where the last begun batch ends
    settings : what Spark wrote down of its settings with that batch, and goes on with whatever is configured now
    operators : of the stages that keep state; ``state_partitions`` and ``state_fields`` are of their state
    problem : what cannot be read of it, in words
    """

    query: str
    path: Path
    query_id: str | None = None
    batch: int | None = None
    committed: int | None = None
    offsets: tuple[Offset, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    operators: tuple[str, ...] = ()
    state_partitions: int | None = None
    state_fields: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """What it reads."""
        return tuple(sorted({topic for topic, _, _ in self.offsets}))


def folder_of(checkpoints: str) -> Path:
    """The folder of all checkpoints. Raises ``InputError`` for one that is not on a disk of this machine."""
    scheme, separator, rest = checkpoints.partition("://")
    if not separator:
        return Path(checkpoints)
    if scheme == "file":
        return Path("/" + rest.lstrip("/"))
    raise InputError(
        f"checkpoints at {checkpoints}",
        "are not on a disk of this machine",
        remedy="stop the query, then move its folder aside with the tools of that storage: docs/operations.md",
    )


def all_checkpoints(folder: Path) -> list[Checkpoint]:
    """Those there are, by name."""
    if not folder.is_dir():
        return []
    return [read_checkpoint(one) for one in sorted(folder.iterdir()) if one.is_dir() and one.name != ASIDE]


def read_checkpoint(path: Path) -> Checkpoint:
    """What a checkpoint says; one that cannot be read says so in ``problem``."""
    found = Checkpoint(path.name, path)
    try:
        identity = json.loads((path / "metadata").read_text(encoding="utf-8"))["id"]
        batch = _newest(path / "offsets")
        settings: dict[str, str] = {}
        offsets: tuple[Offset, ...] = ()
        if batch is not None:
            settings, offsets = parse_offsets((path / "offsets" / str(batch)).read_text(encoding="utf-8"))
        operators, partitions = _operators(path / "state")
        return Checkpoint(
            path.name, path, identity, batch, _newest(path / "commits"), offsets, settings, operators, partitions,
            _state_fields(path / "state"),
        )  # fmt: skip
    except FileNotFoundError as exc:
        problem = f"its file {Path(str(exc.filename)).relative_to(path)} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        problem = f"it cannot be read: {exc}"
    return Checkpoint(found.query, path, problem=problem)


def parse_offsets(text: str) -> tuple[dict[str, str], tuple[Offset, ...]]:
    """Settings and positions of a file in ``offsets``: a version, a line of facts, and a line for each source."""
    version, facts, *sources = text.splitlines()
    if not version.startswith("v"):
        raise ValueError(f"{version[:20]!r} is no version")
    reached = [
        (str(topic), int(partition), int(offset))
        for source in sources
        if source.startswith("{")
        for topic, partitions in json.loads(source).items()
        for partition, offset in partitions.items()
    ]
    return json.loads(facts).get("conf", {}), tuple(sorted(reached))


def move_aside(checkpoint: Checkpoint, *, at: datetime) -> Path:
    """Take the checkpoint out of use without deleting it; where it is now."""
    target = checkpoint.path.parent / ASIDE / f"{checkpoint.query}-{at:%Y%m%dT%H%M%SZ}"
    target.parent.mkdir(exist_ok=True)
    return checkpoint.path.rename(target)


def _newest(folder: Path) -> int | None:
    """The highest batch in a folder of Spark's log of batches."""
    return max((int(file.name) for file in folder.glob("*") if file.name.isdigit()), default=None)


def _operators(state: Path) -> tuple[tuple[str, ...], int | None]:
    """Names of the stages that keep state, and how many partitions that has."""
    told = [json.loads(line) for file in _metadata_files(state) for line in _json_lines(file)]
    names = tuple(one["operatorInfo"]["operatorName"] for one in told)
    partitions = [store["numPartitions"] for one in told for store in one["stateStoreInfo"]]
    return names, max(partitions, default=None)


def _metadata_files(state: Path) -> Iterator[Path]:
    """Of each stage the newest that tells what it is: one file, or one for each batch in a folder ``v2``."""
    for operator in sorted(state.glob("[0-9]*")):
        by_batch = [file for file in (operator / "_metadata" / "v2").glob("*") if file.name.isdigit()]
        if by_batch:
            yield max(by_batch, key=lambda file: int(file.name))
        elif (operator / "_metadata" / "metadata").exists():
            yield operator / "_metadata" / "metadata"


def _json_lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def _state_fields(state: Path) -> tuple[str, ...]:
    """Names of the values that the first stage keeps of a key, as its schema file says; none where it has no such."""
    file = state / "0" / "0" / "_metadata" / "schema"
    if not file.exists():
        return ()
    schemas = [json.loads(found) for found in _SCHEMA_LINE.findall(file.read_bytes().replace(b"\0", b"\n"))]
    return tuple(_leaves(schemas[1])) if len(schemas) > 1 else ()


def _leaves(kind: Any) -> Iterator[str]:
    for one in kind["fields"]:
        if isinstance(one["type"], dict) and one["type"].get("type") == "struct":
            yield from _leaves(one["type"])
        else:
            yield one["name"]
