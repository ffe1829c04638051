"""What a Spark session is told."""

from __future__ import annotations

from pathlib import Path

from spotistream.config import load_config
from spotistream.io.session import LOCAL_CHECKPOINTS, session_settings

FILES = "spark.sql.streaming.checkpointFileManagerClass"


def test_checkpoints_on_a_disk_are_renamed_without_programs(tmp_path: Path) -> None:
    cfg = load_config(home=tmp_path, profile="local", environ={})
    assert session_settings(cfg)[FILES] == LOCAL_CHECKPOINTS


def test_checkpoints_elsewhere_are_written_as_spark_does(tmp_path: Path) -> None:
    cfg = load_config(home=tmp_path, profile="local", environ={"SPOTISTREAM__PATHS__CHECKPOINTS": "s3a://bucket/c"})
    assert FILES not in session_settings(cfg)
