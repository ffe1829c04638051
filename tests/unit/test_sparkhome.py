"""The configuration of the environment's own Spark."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from test_java import fake_java

from spotistream.errors import EnvironmentProblem
from spotistream.services.java import JavaRuntime
from spotistream.services.sparkhome import HEADER, configure_spark_home, spark_env


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pyspark inside an environment of this test."""
    prefix = tmp_path / "the env"
    (prefix / "lib" / "pyspark").mkdir(parents=True)
    (prefix / "bin").mkdir()
    monkeypatch.setattr(sys, "prefix", str(prefix))
    return prefix / "lib" / "pyspark"


def configure(home: Path) -> list[str]:
    java = JavaRuntime(Path("/opt/java"), 17, "PATH")
    return [path.name for path in configure_spark_home(java, Path("/opt/jars"), home=home)]


def sourced(tmp_path: Path, **environ: str) -> dict[str, str]:
    """What spark-env.sh makes of an environment."""
    script = tmp_path / "spark-env.sh"
    script.write_text(spark_env(tmp_path / "chosen", tmp_path / "wheel", python=Path("/env $x/python")))
    done = subprocess.run(
        ["sh", "-c", f". {shlex.quote(str(script))}; env"],
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def test_everything_is_written_once(home: Path) -> None:
    assert configure(home) == ["spark-env.sh", "spark-defaults.conf", "log4j2.properties"]
    assert configure(home) == []
    assert (Path(sys.prefix) / "bin" / "spark-distribution").resolve() == home


def test_a_file_of_a_person_stays(home: Path) -> None:
    (home / "conf").mkdir()
    (home / "conf" / "spark-defaults.conf").write_text("spark.ui.enabled false\n")

    assert configure(home) == ["spark-env.sh", "log4j2.properties"]
    assert (home / "conf" / "spark-defaults.conf").read_text() == "spark.ui.enabled false\n"


def test_a_file_of_an_earlier_setup_is_renewed(home: Path) -> None:
    (home / "conf").mkdir()
    (home / "conf" / "spark-env.sh").write_text(f"{HEADER}\nexport JAVA_HOME=/gone\n")

    assert "spark-env.sh" in configure(home)


def test_a_pyspark_of_the_system_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="does not belong to the environment"):
        configure(tmp_path / "pyspark")


def test_java_is_the_chosen_one(tmp_path: Path) -> None:
    assert sourced(tmp_path)["JAVA_HOME"] == str(tmp_path / "chosen")


def test_a_usable_java_home_stays(tmp_path: Path) -> None:
    users = fake_java(tmp_path / "users own", "21.0.2")

    assert sourced(tmp_path, JAVA_HOME=str(users))["JAVA_HOME"] == str(users)


def test_an_old_java_home_is_replaced(tmp_path: Path) -> None:
    old = fake_java(tmp_path / "old", "11.0.2")

    assert sourced(tmp_path, JAVA_HOME=str(old))["JAVA_HOME"] == str(tmp_path / "chosen")


def test_the_wheel_can_be_asked_for(tmp_path: Path) -> None:
    users = fake_java(tmp_path / "users", "21.0.2")

    found = sourced(tmp_path, JAVA_HOME=str(users), SPOTISTREAM_JAVA="wheel")

    assert found["JAVA_HOME"] == str(tmp_path / "wheel")


def test_workers_run_on_this_python_unless_another_is_chosen(tmp_path: Path) -> None:
    assert sourced(tmp_path)["PYSPARK_DRIVER_PYTHON"] == "/env $x/python"
    assert sourced(tmp_path, PYSPARK_PYTHON="/mine")["PYSPARK_DRIVER_PYTHON"] == "/mine"
    assert sourced(tmp_path, PYSPARK_DRIVER_PYTHON="python3")["PYSPARK_DRIVER_PYTHON"] == "/env $x/python"
    assert sourced(tmp_path, PYSPARK_DRIVER_PYTHON="ipython")["PYSPARK_DRIVER_PYTHON"] == "ipython"
