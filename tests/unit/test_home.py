"""The data home: what it remembers, and when it is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from spotistream.errors import EnvironmentProblem
from spotistream.home import FACTS_FILE, HomeFacts, locked_home, prepare_home, remember
from spotistream.tables import SCHEMA_VERSION

HOLDS_THE_LOCK = """
import sys
from pathlib import Path
from spotistream.home import locked_home
with locked_home(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_new_home_is_made_with_its_facts(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    assert prepare_home(home) == HomeFacts(SCHEMA_VERSION, "", "")
    assert [path.name for path in home.iterdir()] == [FACTS_FILE]
    stored = json.loads((home / FACTS_FILE).read_text())
    assert stored == {"schema_version": SCHEMA_VERSION, "audio_folder": "", "metadata": ""}


def test_a_home_that_knew_fewer_facts_is_used(tmp_path: Path) -> None:
    (tmp_path / FACTS_FILE).write_text(json.dumps({"schema_version": SCHEMA_VERSION, "audio_folder": "/music"}))
    assert prepare_home(tmp_path) == HomeFacts(SCHEMA_VERSION, "/music", "")


def test_what_is_remembered_is_there_at_the_next_start(tmp_path: Path) -> None:
    facts = replace(prepare_home(tmp_path), audio_folder="/música/день", metadata="/дані/fma_metadata.zip")
    remember(tmp_path, facts)
    assert prepare_home(tmp_path) == facts
    assert [path.name for path in tmp_path.iterdir()] == [FACTS_FILE]


@pytest.mark.parametrize("facts", [{"schema_version": 99}, {"schema_version": 99, "a later": "fact"}])
def test_a_home_of_another_schema_version_is_refused_and_stays_as_it_is(
    tmp_path: Path, facts: dict[str, object]
) -> None:
    (tmp_path / FACTS_FILE).write_text(json.dumps(facts))
    expected = f"the home {tmp_path} was written by schema version 99, this is version {SCHEMA_VERSION}; choose another"
    with pytest.raises(EnvironmentProblem, match=re.escape(expected)):
        prepare_home(tmp_path)
    assert json.loads((tmp_path / FACTS_FILE).read_text()) == facts


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b"{}", b'"text"', b'{"schema_version": %d, "unknown": 1}' % SCHEMA_VERSION]
)
def test_facts_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FACTS_FILE).write_bytes(content)
    with pytest.raises(EnvironmentProblem, match=f"^{re.escape(str(tmp_path / FACTS_FILE))} does not hold the facts"):
        prepare_home(tmp_path)


def test_a_nearly_full_disk_is_refused(tmp_path: Path) -> None:
    expected = rf"^the disk of {re.escape(str(tmp_path))} is nearly full: [\d.]+ GB free, 1000000000\.0 GB needed; make"
    with pytest.raises(EnvironmentProblem, match=expected):
        prepare_home(tmp_path, least_free=10**18)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", [".", "home"])
def test_a_file_is_no_home(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match=r"cannot be written \(\w.*\); choose another with --home"):
        prepare_home(tmp_path / "file" / below)


def test_a_home_that_another_process_holds_is_refused_by_its_number(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        expected = f"a service (process {other.pid}) already runs on the home {tmp_path}"
        with pytest.raises(EnvironmentProblem, match=re.escape(expected)), locked_home(tmp_path):
            pass
        other.communicate()
    with locked_home(tmp_path):  # the other let go of it
        pass


def test_a_home_whose_service_was_killed_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        other.kill()
        other.wait()
    with locked_home(tmp_path):
        pass
