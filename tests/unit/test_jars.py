"""Fetching jar sets, with a shell script in the place of Ivy's Java."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from spotistream.errors import EnvironmentProblem
from spotistream.services.jars import JAR_SETS, KAFKA, MARKER, _network_options, fetch_jars, fetched_jars, ivy_dir
from spotistream.services.java import JavaRuntime

# The value after -retrieve is a pattern in the folder to fill.
FETCHES = """
for argument do
  if [ "$last" = -retrieve ]; then folder=$(dirname "$argument"); fi
  last=$argument
done
mkdir -p "$folder"
printf aaaa > "$folder/a-1.jar"
echo "[SUCCESSFUL ] org#a;1!a.jar (3ms)"
printf bb > "$folder/b-2.jar"
echo "[SUCCESSFUL ] org#b;2!b.jar (3ms)"
"""
OFFLINE = """
echo "Server access error at url https://repo1.maven.org/x.pom (java.net.UnknownHostException: repo1.maven.org)"
echo "downloading took too long"
exit 1
"""


def runtime(home: Path, script: str) -> JavaRuntime:
    """A Java that runs `script` and counts its starts in home/starts."""
    executable = home / "bin" / "java"
    executable.parent.mkdir(parents=True, exist_ok=True)
    executable.write_text(f"#!/bin/sh\necho start >> '{home}/starts'\n{script}")
    executable.chmod(0o755)
    return JavaRuntime(home, 17, "PATH")


def starts(home: Path) -> int:
    return len((home / "starts").read_text().split()) if (home / "starts").exists() else 0


def test_a_set_is_fetched_once(tmp_path: Path) -> None:
    java, lines = runtime(tmp_path / "java", FETCHES), []

    first = fetch_jars(KAFKA, tmp_path / "jars", java=java, progress=lines.append)
    second = fetch_jars(KAFKA, tmp_path / "jars", java=java)

    assert first == second == [tmp_path / "jars" / KAFKA / name for name in ("a-1.jar", "b-2.jar")]
    assert [line.split() for line in lines] == [["1", "a.jar"], ["2", "b.jar"]]
    assert starts(tmp_path / "java") == 1


def test_two_at_once_fetch_once(tmp_path: Path) -> None:
    java = runtime(tmp_path / "java", f"sleep 0.5\n{FETCHES}")
    threads = [
        threading.Thread(target=fetch_jars, args=(KAFKA, tmp_path / "jars"), kwargs={"java": java}) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert starts(tmp_path / "java") == 1
    assert len(fetched_jars(KAFKA, tmp_path / "jars") or []) == 2


def test_a_truncated_jar_is_fetched_again(tmp_path: Path) -> None:
    java = runtime(tmp_path / "java", FETCHES)
    jar = fetch_jars(KAFKA, tmp_path / "jars", java=java)[0]
    jar.write_text("a")

    assert fetched_jars(KAFKA, tmp_path / "jars") is None
    assert fetch_jars(KAFKA, tmp_path / "jars", java=java)[0].read_text() == "aaaa"


def test_a_set_of_another_ivy_file_is_fetched_again(tmp_path: Path) -> None:
    java = runtime(tmp_path / "java", FETCHES)
    fetch_jars(KAFKA, tmp_path / "jars", java=java)
    marker = tmp_path / "jars" / KAFKA / MARKER
    marker.write_text(marker.read_text().replace('"ivy": "', '"ivy": "0'))

    assert fetched_jars(KAFKA, tmp_path / "jars") is None


def test_what_an_interrupted_fetch_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / "jars" / f".fetching-{KAFKA}-x"
    left.mkdir(parents=True)

    fetch_jars(KAFKA, tmp_path / "jars", java=runtime(tmp_path / "java", FETCHES))

    assert sorted(path.name for path in (tmp_path / "jars").iterdir()) == [f".{KAFKA}.lock", KAFKA]


def test_offline_is_one_line_with_the_cause(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as raised:
        fetch_jars(KAFKA, tmp_path / "jars", java=runtime(tmp_path / "java", OFFLINE))

    assert str(raised.value) == (
        "cannot fetch the kafka jars from Maven Central (java.net.UnknownHostException: repo1.maven.org); "
        "check the network (https to repo1.maven.org) and repeat; what was fetched whole is kept"
    )
    assert fetched_jars(KAFKA, tmp_path / "jars") is None


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "jars").write_text("")

    with pytest.raises(EnvironmentProblem, match="cannot write the kafka jars to"):
        fetch_jars(KAFKA, tmp_path / "jars", java=runtime(tmp_path / "java", FETCHES))


def test_a_proxy_of_the_environment_reaches_java(tmp_path: Path) -> None:
    options = _network_options(tmp_path, {"HTTPS_PROXY": "http://proxy.example:8080"})

    assert options[-2:] == ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=8080"]


def test_every_set_has_its_ivy_file() -> None:
    assert {path.stem for path in ivy_dir().glob("*.xml")} == {*JAR_SETS, "settings"}
