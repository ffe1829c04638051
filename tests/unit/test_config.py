"""Layers of configuration, and what happens to a setting that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spotistream.config import load_config
from spotistream.errors import ConfigError

CONF = Path(__file__).resolve().parents[2] / "conf"


def test_the_environment_wins_over_the_profile_and_the_profile_over_the_base(tmp_path: Path) -> None:
    environ = {"SPOTISTREAM__SPARK__SHUFFLE_PARTITIONS": "9"}
    cfg = load_config(home=tmp_path, profile="cluster", environ=environ)
    assert (cfg.spark.shuffle_partitions, cfg.spark.snapshot_partitions, cfg.spark.ui) == (9, 8, False)


def test_paths_are_inside_the_home(tmp_path: Path) -> None:
    assert load_config(home=tmp_path, environ={}).paths.lake == f"{tmp_path}/lake"


def test_the_home_comes_from_the_environment_without_an_argument(tmp_path: Path) -> None:
    assert load_config(environ={"SPOTISTREAM_HOME": str(tmp_path / "x")}).home == tmp_path / "x"


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"SPOTISTREAM__MODEL__FACTOS": "8"}, "setting 'model.factos' in the environment: no such setting"),
        ({"SPOTISTREAM__MODLE__FACTORS": "8"}, "setting 'modle' in the environment: no such section"),
        ({"SPOTISTREAM__MODEL__SEED": "many"}, "setting 'model.seed' in the environment: must be int"),
        ({"SPOTISTREAM__HOME": "/x"}, "write it as SPOTISTREAM__SECTION__KEY"),
        ({"SPOTISTREAM_PROFILE": "../base"}, "there is no profile '../base'; known: cluster, local"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, environ: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as caught:
        load_config(home=tmp_path, environ=environ)
    assert "\n" not in str(caught.value)


def test_every_setting_has_a_comment_or_a_name_that_says_it_all() -> None:
    silent = [line for line in (CONF / "base.toml").read_text().splitlines() if "=" in line and "#" not in line]
    names = {line.split("=")[0].strip() for line in silent}
    obvious = {
        "database", "regularisation", "iterations", "seed", "host", "port", "listeners", "level",
    }  # fmt: skip
    assert names <= obvious


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    environ = {
        "SPOTISTREAM__KAFKA__SASL_PASSWORD": "hunter2",
        "SPOTISTREAM__MONGO__URI": "mongodb://ann:hunter2@db.example/",
    }
    cfg = load_config(home=tmp_path, environ=environ)
    assert "hunter2" not in repr(cfg)
    assert cfg.mongo.address == "mongodb://db.example/"
