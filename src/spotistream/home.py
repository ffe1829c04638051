"""The data home: one folder that holds everything a local service keeps."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from spotistream.errors import EnvironmentProblem
from spotistream.files import replace_text
from spotistream.tables import SCHEMA_VERSION

FACTS_FILE = "home.json"
DEMO_MUSIC = ("demo", "music")
"""Where in a home the generated catalogue is."""
LEAST_FREE_BYTES = 1024**3


@dataclass(frozen=True)
class HomeFacts:
    """What a home remembers between starts: its layout, and the music and the metadata it was given."""

    schema_version: int = SCHEMA_VERSION
    audio_folder: str = ""
    metadata: str = ""


def prepare_home(home: Path, *, least_free: int = LEAST_FREE_BYTES) -> HomeFacts:
    """Make the folder if need be and check it can be used.

    Raises ``EnvironmentProblem`` where it cannot be written, the disk is nearly full, or another version wrote it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as exc:
        raise EnvironmentProblem(
            f"the home {home} cannot be written ({exc.strerror})",
            remedy="choose another with --home or SPOTISTREAM_HOME",
        ) from exc
    free = shutil.disk_usage(home).free
    if free < least_free:
        raise EnvironmentProblem(
            f"the disk of {home} is nearly full: {free / 1e9:.1f} GB free, {least_free / 1e9:.1f} GB needed",
            remedy="make room, or choose another home with --home",
        )
    facts = read_facts(home)
    if not (home / FACTS_FILE).exists():
        remember(home, facts)
    return facts


def remember(home: Path, facts: HomeFacts) -> None:
    """Write the facts in one step."""
    replace_text(home / FACTS_FILE, json.dumps(asdict(facts), indent=1))


@contextmanager
def locked_home(home: Path) -> Iterator[None]:
    """Hold the home for one service. Raises ``EnvironmentProblem`` where another has it."""
    run = home / "run"
    run.mkdir(parents=True, exist_ok=True)
    with (run / "lock").open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise EnvironmentProblem(
                f"a service (process {holder}) already runs on the home {home}",
                remedy="stop it, or choose another home with --home",
            ) from exc
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
        handle.truncate(0)


def read_facts(home: Path) -> HomeFacts:
    """What the home remembers; writes nothing.

    Raises ``EnvironmentProblem`` where its file cannot be read or another version wrote it.
    """
    file = home / FACTS_FILE
    if not file.exists():
        return HomeFacts()
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        version = stored["schema_version"]
        # Of another version only the number is known: it may keep other facts.
        facts = HomeFacts(**stored) if version == SCHEMA_VERSION else None
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise EnvironmentProblem(
            f"{file} does not hold the facts of a home", remedy="choose another home with --home, or remove the file"
        ) from exc
    if facts is None:
        raise EnvironmentProblem(
            f"the home {home} was written by schema version {version}, this is version {SCHEMA_VERSION}",
            remedy="choose another home with --home, or use the version of spotistream that wrote it",
        )
    return facts
