"""What goes to a cluster: the package as a ZIP for ``--py-files``, the files of the jobs, and the configuration.

Spark puts a ZIP on the path of driver and executors, which it does not do with a wheel.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import zipfile
from pathlib import Path

import spotistream
from spotistream.config import conf_dir
from spotistream.errors import InputError

JOB_FOLDERS = ("batch_jobs", "streaming_jobs")
ARCHIVE = "spotistream.zip"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same code gives the same bytes."""


def write_package(folder: Path) -> Path:
    """Write ``spotistream.zip``, ``batch_jobs/``, ``streaming_jobs/`` and ``conf/`` into ``folder``; returns the ZIP.

    What an earlier call wrote is replaced. Raises ``InputError`` where the folder holds anything else.
    """
    known = {ARCHIVE, "conf", *JOB_FOLDERS}
    if folder.exists() and (not folder.is_dir() or {each.name for each in folder.iterdir()} - known):
        raise InputError(f"{folder}", "holds something else", remedy="name an empty or a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in {"conf": conf_dir(os.environ), **{name: _folder_of(name) for name in JOB_FOLDERS}}.items():
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    archive = folder / ARCHIVE
    _zip(Path(spotistream.__path__[0]), archive)
    return archive


def _folder_of(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the files of {name}", "are not installed", remedy="run scripts/setup")
    return Path(next(iter(spec.submodule_search_locations)))


def _zip(package: Path, archive: Path) -> None:
    whole = archive.with_name(f".{archive.name}")
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(package.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(str(path.relative_to(package.parent)), EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, path.read_bytes())
    whole.replace(archive)
