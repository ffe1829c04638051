"""Files of model artefacts: all of a version or nothing of it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from spotistream.errors import ModelError
from spotistream.io import artefacts
from spotistream.io.artefacts import ARRAYS_FILE, MANIFEST_FILE, POINTER

ARRAYS = {"ids": np.array(["a", "ä"]), "factors": np.eye(2, dtype=np.float32)}


def save(models: Path, version: str = "v1", **facts: object) -> Path:
    return artefacts.save_artefact(models, ARRAYS, {"version": version, **facts})


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
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([POINTER, "v1", "v2"])


def test_old_versions_go_and_the_newest_five_stay_beside_the_current_one(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    for number in range(9):
        os.utime(save(tmp_path, f"v{number}"), ns=(number, number))
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == sorted([POINTER, "sounds", "v3", "v4", "v5", "v6", "v7", "v8"])


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
