"""``spotistream models`` as an operator meets it: no service, no Spark."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from model_fixtures import served_model

from spotistream.config import load_config
from spotistream.errors import InputError, ModelError
from spotistream.io import artefacts
from spotistream.io.artefacts import ARRAYS_FILE, MANIFEST_FILE
from spotistream.models.card import CARD_FILE
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.model_versions import used
from spotistream.pipelines.models_command import add_arguments, answered
from spotistream.services.locking import locked

COMMAND = Path(sys.executable).with_name("spotistream")
REFUSED = {"accepted": False, "reason": "worse than v2: NDCG@20 0.1000 against 0.2000"}


def publish(models: Path, name: str, *, day: int, make_current: bool = True, **facts: object) -> Path:
    one = served_model(["t:1"], factors=[[1.0]], sounds=[[1.0]], popularity=[1.0], version=name)
    manifest = {
        "version": name, "feature_spec": one.feature_spec, "sounds_version": one.sounds_version,
        "created_at": f"2026-11-{day:02}T06:30:00+00:00", "plays": 1000 * day, "listeners": 50, "tracks": 1,
        "settings": {"factors": 32, "seed": day}, **facts,
    }  # fmt: skip
    return artefacts.save_artefact(models, one.arrays(), manifest, make_current=make_current)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Two versions that were used, a refused one and a broken one."""
    folder = tmp_path / "models"
    publish(folder, "v1", day=1)
    publish(folder, "v2", day=2, metrics={"ndcg@20": 0.2816, "ndcg@20_interval": [0.2724, 0.2903]})
    publish(folder, "v3", day=3, make_current=False, verdict=REFUSED)
    (publish(folder, "v4", day=4, make_current=False) / ARRAYS_FILE).write_bytes(b"text")
    return folder


def run(models: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "models", "--home", str(models.parent), *arguments], capture_output=True, text=True, check=False
    )


def said(models: Path, *arguments: str) -> Any:
    """What ``--json`` prints, in this process."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return json.loads(answered(models, parser.parse_args([*arguments, "--json"])))


def test_the_list_is_a_table_newest_first_with_what_became_of_each(models: Path) -> None:
    done = run(models)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "version  made              plays  listeners  tracks  NDCG@20           95 %  state",
        "v4       2026-11-04 06:30  4,000         50       1        -              -  "
        "broken: arrays.npz has 4 bytes, not the manifest's",
        "v3       2026-11-03 06:30  3,000         50       1        -              -  "
        "refused: worse than v2: NDCG@20 0.1000 against 0.2000",
        "v2       2026-11-02 06:30  2,000         50       1   0.2816  0.2724-0.2903  current",
        "v1       2026-11-01 06:30  1,000         50       1        -              -  previous",
    ]


def test_the_list_as_json(models: Path) -> None:
    listed = json.loads(run(models, "--json").stdout)
    assert {one["version"]: one["state"] for one in listed} == {
        "v4": "broken", "v3": "refused", "v2": "current", "v1": "previous",
    }  # fmt: skip
    assert listed[2] == {
        "version": "v2", "made_at": "2026-11-02T06:30:00+00:00", "extends": None, "plays": 2000, "listeners": 50,
        "tracks": 1, "ndcg@20": 0.2816, "ndcg@20_interval": [0.2724, 0.2903], "state": "current", "current": True,
        "pinned": False, "reason": None,
    }  # fmt: skip


def test_before_the_first_training_the_list_is_empty_and_makes_no_home(tmp_path: Path) -> None:
    done = run(tmp_path / "home" / "models")
    assert (done.returncode, done.stdout) == (0, "no model was trained yet; run: spotistream run train_model\n")
    assert said(tmp_path / "home" / "models") == []
    assert not (tmp_path / "home").exists()


def test_a_current_one_whose_folder_is_gone_is_listed(models: Path) -> None:
    artefacts.point_to(models, "v0")
    (first, *_) = said(models)
    assert (first["version"], first["state"], first["current"], first["reason"]) == (
        "v0", "broken", True, "its folder is gone",
    )  # fmt: skip


def test_two_versions_are_compared_by_what_differs(models: Path) -> None:
    assert said(models, "compare", "previous", "current")["differences"] == {
        "created_at": ["2026-11-01T06:30:00+00:00", "2026-11-02T06:30:00+00:00"],
        "plays": [1000, 2000],
        "settings.seed": [1, 2],
        "metrics.ndcg@20": [None, 0.2816],
        "metrics.ndcg@20_interval": [None, [0.2724, 0.2903]],
    }
    table = run(models, "compare", "v1", "v2").stdout.splitlines()
    assert [line.split() for line in table] == [
        ["v1", "v2"],
        ["created_at", "2026-11-01T06:30:00+00:00", "2026-11-02T06:30:00+00:00"],
        ["plays", "1,000", "2,000"],
        ["settings.seed", "1", "2"],
        ["metrics.ndcg@20", "-", "0.2816"],
        ["metrics.ndcg@20_interval", "-", "0.2724-0.2903"],
    ]
    assert run(models, "compare", "v1", "v1").stdout == "v1 and v1: no setting, figure or count differs\n"


def test_going_back_is_taken_up_by_a_running_stream_and_no_training_undoes_it(models: Path) -> None:
    stream = CurrentModel(load_config(home=models.parent, environ={}))
    assert stream.get().version == "v2"
    done = run(models, "use", "previous")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("model v1 is in use and pinned: no training replaces it until you run")
    assert stream.get().version == "v1"
    publish(models, "v5", day=5)
    assert stream.get().version == "v1"
    (row,) = (one for one in said(models) if one["current"])
    assert (row["version"], row["state"], row["pinned"]) == ("v1", "current", True)
    assert "current, pinned" in run(models).stdout


def test_the_newest_whole_version_that_was_not_refused_releases_the_pin(models: Path) -> None:
    assert said(models, "use", "v1") == {"current": "v1", "previous": "v2", "pinned": True}
    assert said(models, "use", "newest") == {"current": "v2", "previous": "v1", "pinned": False}


def test_a_refused_version_can_be_used_when_it_is_named(models: Path) -> None:
    assert said(models, "use", "v3")["current"] == "v3"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("use", "v9"), 5, r"model v9: is no version in .*models; spotistream models lists the versions"),
        (("use", "../v1"), 5, r"model \.\./v1: is no version in .*"),
        (("use", "v"), 5, r"model v: 4 versions begin so; write more of its name"),
        (("use", ""), 5, r"model : is no version in .*"),
        (("use", "v4"), 6, r"model at .*v4/arrays\.npz: its checksum is not the manifest's; train it again.*"),
        (("compare", "v1", "v9"), 5, r"model v9: is no version in .*"),
        (("compare", "v1"), 5, r"models compare: is about two versions; spotistream models lists the versions"),
        (("list", "v1"), 5, r"models list: is about no version; .*"),
        (("use", "v1", "--out", "x"), 5, r"--out: is where a card goes; use it with: spotistream models card"),
        (("card", "--out", "none/card.html"), 5, r"none: is not a folder; make it, or choose another with --out"),
    ],
)
def test_a_mistake_is_one_line(models: Path, arguments: tuple[str, ...], code: int, line: str) -> None:
    done = run(models, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert re.fullmatch(f"spotistream: {line}\n", done.stderr)
    assert artefacts.current_version(models) == "v2"


@pytest.mark.parametrize("harm", ["cut manifest", "no manifest", "no arrays", "array missing"])
def test_a_broken_version_is_never_made_current(models: Path, harm: str) -> None:
    folder = models / "v1"
    if harm == "cut manifest":
        (folder / MANIFEST_FILE).write_text((folder / MANIFEST_FILE).read_text()[:30])
    elif harm == "array missing":
        artefacts.save_artefact(models, {}, {"version": "v1b"}, make_current=False)
    else:
        (folder / (MANIFEST_FILE if harm == "no manifest" else ARRAYS_FILE)).unlink()
    with pytest.raises(ModelError):
        used(models, "v1b" if harm == "array missing" else "v1")
    assert (artefacts.current_version(models), artefacts.pinned_version(models)) == ("v2", None)


def test_without_a_model_there_is_nothing_to_use_or_show(tmp_path: Path) -> None:
    for action in (("use", "newest"), ("use", "current"), ("card",)):
        with pytest.raises(ModelError, match="none was trained yet; run: spotistream run train_model"):
            said(tmp_path / "models", *action)
    publish(tmp_path / "models", "v1", day=1)
    with pytest.raises(InputError, match="no other was in use before"):
        said(tmp_path / "models", "use", "previous")


def test_the_beginning_of_a_name_is_enough_where_one_version_has_it(models: Path) -> None:
    publish(models, "20261105T063000Z-1f00c0de", day=5, make_current=False)
    assert said(models, "use", "20261105")["current"] == "20261105T063000Z-1f00c0de"


def test_it_waits_for_who_makes_a_model_current(models: Path) -> None:
    with locked(models / artefacts.LOCK):
        waiting = threading.Thread(target=used, args=(models, "v1"))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert artefacts.current_version(models) == "v2"
    waiting.join(10)
    assert artefacts.current_version(models) == "v1"


def test_the_card_goes_into_the_folder_of_the_version_or_where_it_is_asked(models: Path, tmp_path: Path) -> None:
    assert run(models, "card").stdout == f"{models / 'v2' / CARD_FILE}\n"
    assert said(models, "card", "v1", "--out", str(tmp_path / "mine.html")) == {
        "version": "v1", "card": str(tmp_path / "mine.html"),
    }  # fmt: skip
    assert "v2" in (models / "v2" / CARD_FILE).read_text(encoding="utf-8")
    assert not (models / "v1" / CARD_FILE).exists()
    assert (tmp_path / "mine.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_card_shows_how_the_classifier_in_use_confuses_genres(models: Path) -> None:
    facts = {"version": "g1", "genres": ["dub", "folk"], "metrics": {"confusion": [[3, 1], [0, 2]]}}
    artefacts.save_artefact(models / "genres", {}, facts)
    said(models, "card")
    assert "dub taken for folk: 1 of 4" in (models / "v2" / CARD_FILE).read_text(encoding="utf-8")
    assert [one["version"] for one in said(models)] == ["v4", "v3", "v2", "v1"]
