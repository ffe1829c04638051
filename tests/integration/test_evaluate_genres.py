"""``spotistream evaluate-genres`` as it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SECONDS = 280


def called(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spotistream.cli", "evaluate-genres", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def rings(rows: int) -> pd.DataFrame:
    """Three genres by distance from the middle; a name, an id and a cell without a value beside the features."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3))
    distance = np.linalg.norm(x[:, :2], axis=1)
    table = pd.DataFrame(x, columns=["a", "b", "noise"])
    table.insert(0, "filename", [f"{i}.wav" for i in range(rows)])
    table.insert(1, "track_id", range(rows))
    table.loc[5, "noise"] = np.nan
    return table.assign(
        label=np.where(distance < 0.7, "inner", np.where(distance < 1.5, "middle", "outer")),
        artist=np.arange(rows) // 3,
    )


def test_json_on_standard_output_and_progress_on_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "rings.csv"
    rings(180).to_csv(path, index=False)
    ended = called("--features", path, "--label", "label", "--group", "artist", "--folds", 3, "--json")
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)
    assert found["accuracy"] > 0.8
    assert found["macro_f1"] > 0.75
    assert set(found["peers"]) == {"svm", "mlp"}
    assert all(0 <= figures["accuracy"] <= 1 for figures in found["peers"].values())
    assert (found["rows"], found["features"], found["grouped"]) == (180, ["a", "b", "noise"], True)
    assert sum(fold["rows"] for fold in found["folds"]) == 180 == sum(map(sum, found["confusion"]))
    low, high = found["intervals"]["committee"]["accuracy"]
    assert low <= found["accuracy"] <= high
    assert "columns left out, text: filename" in ended.stderr
    assert "columns left out, ids: track_id" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--label", "mood"), "has no column 'mood'; its columns are filename, track_id, a, b, noise, label, artist"),
        (("--label", "label", "--folds", 1), "--folds 1: is too few to test anything; give 2 or more"),
        (("--label", "filename"), "column 'filename' has 0 labels with 10 rows or more"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(tmp_path: Path, arguments: tuple[object, ...], problem: str) -> None:
    path = tmp_path / "rings.csv"
    rings(30).to_csv(path, index=False)
    ended = called("--features", path, *arguments)
    assert (ended.returncode, ended.stdout) == (5, "")
    assert ended.stderr.count("\n") == 1
    assert problem in ended.stderr


def test_committee_is_as_good_as_its_peers_on_echonest_features(tmp_path: Path, shared_data: Path) -> None:
    """Rock or hip-hop by eight numbers: within 1.5 points of the better peer on 1,500 tracks; see docs/genres.md."""
    metrics = pd.read_json(shared_data / "fma" / "echonest-metrics.json")
    labels = pd.read_csv(shared_data / "fma" / "fma-rock-vs-hiphop.csv")[["track_id", "genre_top"]]
    path = tmp_path / "echonest.csv"
    metrics.merge(labels, on="track_id").sample(1500, random_state=0).to_csv(path, index=False)
    ended = called("--features", path, "--label", "genre_top", "--folds", 3, "--json")
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = json.loads(ended.stdout)
    best = {name: max(peer[name] for peer in found["peers"].values()) for name in ("accuracy", "macro_f1")}
    assert found["accuracy"] >= best["accuracy"] - 0.015
    assert found["macro_f1"] >= best["macro_f1"] - 0.03
    assert found["accuracy"] > 0.88
