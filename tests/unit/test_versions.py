"""Versions of a model over time: what is listed, what is pruned, what a pin holds, and two processes at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from spotistream.io import artefacts
from spotistream.io.artefacts import ARRAYS_FILE, MANIFEST_FILE, versions
from spotistream.io.versions import Version, superfluous

ARRAYS = {"factors": np.eye(2, dtype=np.float32)}
REFUSED = {"accepted": False, "reason": "worse than v1"}


def save(models: Path, name: str, *, day: int, make_current: bool = True, unpin: bool = False, **facts: object) -> Path:
    manifest = {"version": name, "created_at": f"2026-11-{day:02}T06:00:00+00:00", **facts}
    return artefacts.save_artefact(models, ARRAYS, manifest, make_current=make_current, unpin=unpin)


def names(models: Path) -> list[str]:
    return [one.name for one in versions(models)]


def trained(number: int, **manifest: object) -> Version:
    return Version(f"v{number}", float(number), manifest)


def test_the_newest_trained_comes_first_whichever_file_was_touched_last(tmp_path: Path) -> None:
    save(tmp_path, "b", day=2)
    save(tmp_path, "c", day=3)
    save(tmp_path, "a", day=1)
    (tmp_path / "a" / "card.html").write_text("later")
    assert names(tmp_path) == ["c", "b", "a"]
    assert [one.problem for one in versions(tmp_path)] == [None, None, None]


def test_without_a_date_the_time_of_the_files_counts(tmp_path: Path) -> None:
    for name, when in (("new", 2_000), ("old", 1_000)):
        folder = artefacts.save_artefact(tmp_path, ARRAYS, {"version": name})
        for file in (ARRAYS_FILE, MANIFEST_FILE):
            os.utime(folder / file, (when, when))
    assert [(one.name, one.made) for one in versions(tmp_path)] == [("new", 2000.0), ("old", 1000.0)]


def test_other_folders_and_files_are_no_versions(tmp_path: Path) -> None:
    save(tmp_path, "v1", day=1)
    (tmp_path / "sounds" / "s1").mkdir(parents=True)
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "current.json").write_text("{}")
    (tmp_path / ".draft-x").mkdir()
    (tmp_path / ".draft-x" / ARRAYS_FILE).write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    assert names(tmp_path) == ["v1"]
    assert versions(tmp_path / "none") == []


def cut_arrays(folder: Path) -> None:
    file = folder / ARRAYS_FILE
    file.write_bytes(file.read_bytes()[:-1])


def change_arrays(folder: Path) -> None:
    file = folder / ARRAYS_FILE
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def remove_arrays(folder: Path) -> None:
    (folder / ARRAYS_FILE).unlink()


def cut_manifest(folder: Path) -> None:
    file = folder / MANIFEST_FILE
    file.write_text(file.read_text()[:40])


def remove_manifest(folder: Path) -> None:
    (folder / MANIFEST_FILE).unlink()


def date_it_wrongly(folder: Path) -> None:
    file = folder / MANIFEST_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "created_at": "yesterday"}))


def copy_from_another(folder: Path) -> None:
    file = folder / MANIFEST_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": "v7"}))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (cut_arrays, "arrays.npz has 283 bytes, not the manifest's"),
        (change_arrays, "the checksum of arrays.npz is not the manifest's"),
        (remove_arrays, "arrays.npz cannot be read (No such file or directory)"),
        (cut_manifest, "its manifest cannot be read"),
        (remove_manifest, "its manifest cannot be read"),
        (date_it_wrongly, "its manifest cannot be used (Invalid isoformat string: 'yesterday')"),
        (copy_from_another, "its manifest is that of v7"),
    ],
)
def test_a_broken_version_is_listed_with_what_is_wrong(
    tmp_path: Path, harm: Callable[[Path], None], problem: str
) -> None:
    save(tmp_path, "v1", day=1)
    harm(save(tmp_path, "v2", day=2))
    found = {one.name: one.problem for one in versions(tmp_path)}
    assert found["v1"] is None
    assert found["v2"] is not None and found["v2"].startswith(problem)


def test_five_trained_versions_stay_beside_the_current_and_the_previous_one(tmp_path: Path) -> None:
    for number in range(1, 10):
        save(tmp_path, f"v{number}", day=number)
    assert names(tmp_path) == ["v9", "v8", "v7", "v6", "v5", "v4", "v3"]
    assert not list(tmp_path.glob(".gone-*"))


def test_the_current_and_the_previous_one_stay_however_old(tmp_path: Path) -> None:
    for number in range(1, 10):
        save(tmp_path, f"v{number}", day=number, make_current=number < 3)
    assert artefacts.current_version(tmp_path) == "v2"
    assert names(tmp_path) == ["v9", "v8", "v7", "v6", "v5", "v4", "v2", "v1"]


def test_extensions_go_first_and_each_trained_version_keeps_its_newest() -> None:
    found = [
        Version("e4", 6.0, {"extends": "e3", "trained_version": "v2"}),
        Version("e3", 5.0, {"extends": "v2", "trained_version": "v2"}),
        trained(2),
        Version("e2", 3.0, {"extends": "e1", "trained_version": "v1"}),
        Version("e1", 2.0, {"extends": "v1"}),
        trained(1),
    ]
    assert superfluous(found, in_use=["e4"]) == ["e3", "e1"]


def test_what_the_one_in_use_extends_stays() -> None:
    found = [Version("e1", 99.0, {"extends": "v0"}), *(trained(number) for number in range(9, -1, -1))]
    assert superfluous(found, in_use=["e1"]) == ["v4", "v3", "v2", "v1"]


def test_refused_and_broken_versions_push_no_good_one_out() -> None:
    refused = [trained(number, verdict=REFUSED) for number in range(30, 20, -1)]
    broken = [Version(f"b{number}", float(number), {}, "cut short") for number in range(20, 10, -1)]
    good = [trained(number) for number in range(7, 0, -1)]
    gone = superfluous([*refused, *broken, *good], in_use=["v7", None])
    assert [name for name in ("v30", "v29", "b20", "b19", *(f"v{n}" for n in range(7, 1, -1))) if name in gone] == []
    assert len(gone) == 8 + 8 + 1


def test_a_pinned_version_is_not_replaced_by_training_but_by_its_extensions(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path, "v1", day=1)
    save(tmp_path, "v2", day=2)
    artefacts.pin(tmp_path, "v1")
    assert (artefacts.current_version(tmp_path), artefacts.previous_version(tmp_path)) == ("v1", "v2")
    save(tmp_path, "v3", day=3)
    assert artefacts.current_version(tmp_path) == "v1"
    assert caplog.messages == ["model v3 is kept and not used: v1 is pinned"]
    save(tmp_path, "e1", day=4, extends="v1")
    assert (artefacts.current_version(tmp_path), artefacts.pinned_version(tmp_path)) == ("e1", "v1")
    save(tmp_path, "v5", day=5, unpin=True)
    assert (artefacts.current_version(tmp_path), artefacts.pinned_version(tmp_path)) == ("v5", None)


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for name, hours in ((".draft-old", 25), (".gone-old", 25), (".draft-now", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / ARRAYS_FILE).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    save(tmp_path, "v1", day=1)
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".draft-now"]


def test_of_two_processes_that_write_and_one_that_reads_none_meets_half_of_a_version(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
import numpy as np
from spotistream.io import artefacts
for number in range(12):
    name = f"{sys.argv[2]}{number}"
    artefacts.save_artefact(Path(sys.argv[1]), {"x": np.full(20_000, number)}, {"version": name})
"""
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), who]) for who in "ab"]
    read: set[str] = set()
    while any(writer.poll() is None for writer in writers):
        assert [one for one in versions(tmp_path) if one.problem is not None] == []
        current = artefacts.current_version(tmp_path)
        if current is not None:
            arrays, manifest = artefacts.load_artefact(tmp_path, current)
            assert manifest["version"] == current
            assert set(arrays["x"].tolist()) == {int(current[1:])}
            read.add(current)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(read) > 1
    assert artefacts.current_version(tmp_path) in ("a11", "b11")
