"""Files of model artefacts: all of a version or nothing of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.io.artefacts import ARRAYS_FILE, MANIFEST_FILE, POINTER, PREVIOUS

ARRAYS = {"ids": np.array(["a", "ä"]), "factors": np.eye(2, dtype=np.float32)}


def save(models: Path, name: str = "v1", **facts: object) -> Path:
    return artefacts.save_artefact(models, ARRAYS, {"version": name, **facts})


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    assert save(tmp_path / "models", plays=3) == tmp_path / "models" / "v1"
    arrays, manifest = artefacts.load_artefact(tmp_path / "models", "v1")
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array, strict=True)
    assert (manifest["version"], manifest["plays"], len(manifest["arrays_sha256"])) == ("v1", 3, 64)


def test_the_newest_is_the_current_one_and_the_others_stay(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    save(tmp_path, "v2")
    assert artefacts.current_version(tmp_path) == "v2"
    artefacts.point_to(tmp_path, "v1")
    assert artefacts.current_version(tmp_path) == "v1"
    assert artefacts.previous_version(tmp_path) == "v2"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, PREVIOUS, "v1", "v2"])


def test_one_that_is_only_kept_is_whole_and_not_current(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    artefacts.save_artefact(tmp_path, ARRAYS, {"version": "v2"}, make_current=False)
    assert artefacts.current_version(tmp_path) == "v1"
    assert artefacts.load_artefact(tmp_path, "v2")[1]["version"] == "v2"


def test_the_manifest_says_where_the_line_of_extensions_began(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    first = artefacts.load_manifest(tmp_path, "v1")
    save(tmp_path, "e1", extends="v1")
    save(tmp_path, "e2", **{**artefacts.load_manifest(tmp_path, "e1"), "version": "e2", "extends": "e1"})
    second = artefacts.load_manifest(tmp_path, "e2")
    assert (first["trained_version"], second["trained_version"], second["extends"]) == ("v1", "v1", "e1")


def test_before_the_first_training_there_is_no_current_one(tmp_path: Path) -> None:
    assert artefacts.current_version(tmp_path / "none") is None
    (tmp_path / POINTER).write_text("\n")
    assert artefacts.current_version(tmp_path) is None


def test_a_write_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    with pytest.raises(TypeError):
        save(tmp_path, "v2", cannot_be_json=object())
    assert artefacts.current_version(tmp_path) == "v1"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, "v1"])


def test_a_version_never_replaces_one_of_its_name(tmp_path: Path) -> None:
    save(tmp_path, "v1", plays=1)
    with pytest.raises(OSError):
        save(tmp_path, "v1", plays=2)
    assert artefacts.load_manifest(tmp_path, "v1")["plays"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, "v1"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half of a zip", b"text"])
def test_arrays_that_were_changed_are_refused(tmp_path: Path, content: bytes) -> None:
    (save(tmp_path) / ARRAYS_FILE).write_bytes(content)
    expected = f"model at {tmp_path / 'v1' / ARRAYS_FILE}: its checksum is not the manifest's; train it again"
    with pytest.raises(ModelError, match=f"^{re.escape(expected)}"):
        artefacts.load_artefact(tmp_path, "v1")


def test_arrays_that_were_cut_short_are_refused(tmp_path: Path) -> None:
    file = save(tmp_path) / ARRAYS_FILE
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelError, match="checksum"):
        artefacts.load_artefact(tmp_path, "v1")


@pytest.mark.parametrize("missing", [ARRAYS_FILE, MANIFEST_FILE])
def test_a_missing_file_is_refused(tmp_path: Path, missing: str) -> None:
    (save(tmp_path) / missing).unlink()
    with pytest.raises(ModelError, match=r"cannot be read \(.*No such file"):
        artefacts.load_artefact(tmp_path, "v1")


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (save(tmp_path) / MANIFEST_FILE).write_text(content)
    with pytest.raises(ModelError, match="its manifest"):
        artefacts.load_manifest(tmp_path, "v1")


def test_a_manifest_without_a_checksum_is_refused(tmp_path: Path) -> None:
    (save(tmp_path) / MANIFEST_FILE).write_text(json.dumps({"version": "v1"}))
    with pytest.raises(ModelError, match="checksum"):
        artefacts.load_artefact(tmp_path, "v1")


def test_arrays_that_would_run_code_are_refused(tmp_path: Path) -> None:
    artefacts.save_artefact(tmp_path, {"ids": np.array([{}], dtype=object)}, {"version": "v1"})
    with pytest.raises(ModelError, match="allow_pickle"):
        artefacts.load_artefact(tmp_path, "v1")


def test_the_manifest_of_another_version_is_refused(tmp_path: Path) -> None:
    save(tmp_path, "v1").rename(tmp_path / "v2")
    with pytest.raises(ModelError, match="its manifest is that of v1"):
        artefacts.load_artefact(tmp_path, "v2")


def test_arrays_that_are_no_archive_are_refused_though_the_checksum_is_right(tmp_path: Path) -> None:
    folder = save(tmp_path)
    (folder / ARRAYS_FILE).write_bytes(b"PK\x03\x04 half of a zip")
    manifest = artefacts.load_manifest(tmp_path, "v1")
    manifest["arrays_sha256"] = hashlib.sha256((folder / ARRAYS_FILE).read_bytes()).hexdigest()
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="it cannot be read"):
        artefacts.load_artefact(tmp_path, "v1")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files have no names here")
def test_all_of_a_version_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename, replace = os.fsync, Path.rename, Path.replace

    def noted_fsync(handle: int) -> None:
        fsync(handle)
        done.append(f"sync {Path(f'/proc/self/fd/{handle}').readlink().name}")

    def noted_rename(path: Path, target: Path) -> Path:
        done.append(f"name {target.name}")
        return rename(path, target)

    def noted_replace(path: Path, target: Path) -> Path:
        done.append(f"name {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    monkeypatch.setattr(Path, "replace", noted_replace)
    save(tmp_path, "v1")
    plain = [re.sub(r"\.(draft|current)-\w+", r"draft of \1", what) for what in done]
    assert plain == [
        f"sync {ARRAYS_FILE}", f"sync {MANIFEST_FILE}", "sync draft of draft", "name v1", f"sync {tmp_path.name}",
        "sync draft of current", "name current", f"sync {tmp_path.name}",
    ]  # fmt: skip


def test_a_process_that_is_killed_while_it_writes_leaves_no_version(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    program = """
import os, sys
from pathlib import Path
import numpy as np
from spotistream.io import artefacts
artefacts.write_durably = lambda path, content: os._exit(9)
artefacts.save_artefact(Path(sys.argv[1]), {"x": np.ones(1000)}, {"version": "v2"})
"""
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 9
    assert [one.name for one in artefacts.versions(tmp_path)] == ["v1"]
    assert len(list(tmp_path.glob(".draft-*"))) == 1
    save(tmp_path, "v2")
    assert artefacts.current_version(tmp_path) == "v2"
