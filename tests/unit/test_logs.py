"""Logs as lines to read and as JSON."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from spotistream.config import load_config
from spotistream.errors import ConfigError
from spotistream.io.session import java_options
from spotistream.logs import JsonFormatter
from spotistream.services.sparkhome import NOISY_LOGGERS

PROGRAM = """
import logging, sys
from spotistream.config import Log
from spotistream.logs import set_up
set_up(Log(level="INFO", format=sys.argv[1]))
logging.getLogger("kafka.client").error("again")
logging.getLogger("spotistream.x").info("query %s started", "q")
"""


def record(**facts: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "x", "levelname": "ERROR", "msg": "no %s", "args": ("disk",), **facts})
    made.created = 0.25
    made.process = 7
    return made


def logged(form: str) -> str:
    return subprocess.run([sys.executable, "-c", PROGRAM, form], capture_output=True, text=True, check=True).stderr


def test_a_record_is_one_object() -> None:
    assert json.loads(JsonFormatter().format(record())) == {
        "time": "1970-01-01T00:00:00.250+00:00",
        "level": "ERROR",
        "logger": "x",
        "message": "no disk",
        "process": 7,
    }


def test_a_stack_stays_within_the_line_of_its_record() -> None:
    try:
        raise OSError("full")
    except OSError:
        line = JsonFormatter().format(record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert json.loads(line)["exception"].endswith("OSError: full")


def test_json_is_a_line_for_each_record_without_libraries_that_repeat_themselves() -> None:
    (line,) = logged("json").splitlines()
    assert json.loads(line)["message"] == "query q started"


def test_text_is_for_people() -> None:
    (line,) = logged("text").splitlines()
    assert line.endswith(" INFO spotistream.x: query q started")


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be one of text, json"):
        load_config(home=tmp_path, environ={"SPOTISTREAM__LOG__FORMAT": "xml"})


def test_the_jvm_logs_as_python_does(tmp_path: Path) -> None:
    text = load_config(home=tmp_path, environ={})
    told = java_options(load_config(home=tmp_path, environ={"SPOTISTREAM__LOG__FORMAT": "json"}))
    before, _, layout = told.partition(" -Dlog4j2.configurationFile=file://")
    assert (before, java_options(text)) == (text.spark.driver_java_options, text.spark.driver_java_options)
    lines = Path(layout).read_text(encoding="utf-8")
    assert [name for name in NOISY_LOGGERS if f".name = {name}\n" not in lines] == []
