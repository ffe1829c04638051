"""A session of its own that logs as JSON: every line of Spark's is one object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from spotistream.config import load_config
from spotistream.io.session import build_session
from spotistream.launch import choose_java
cfg = load_config(home=Path(sys.argv[1]))
choose_java()
spark = build_session(cfg, "logs")
java = spark._jvm
java.org.apache.logging.log4j.LogManager.getLogger("org.example").error("two\\nlines", java.java.io.IOException("full"))
spark.stop()
"""


def test_spark_logs_one_object_a_line(tmp_path: Path) -> None:
    environ = {**os.environ, "SPOTISTREAM__LOG__FORMAT": "json"}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if not line.startswith("WARNING: Using incubator modules")]
    (told,) = [one for one in map(json.loads, lines) if one["logger"] == "org.example"]
    assert (told["level"], told["message"]) == ("ERROR", "two\nlines")
    assert told["exception"].startswith("java.io.IOException: full\n")
