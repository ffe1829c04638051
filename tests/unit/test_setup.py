"""scripts/setup, in a small copy of the checkout and with shell scripts in the place of Python."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from spotistream.errors import EnvironmentProblem
from spotistream.services import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What scripts/setup reads, in a folder whose name has a space."""
    root = tmp_path / "a checkout"
    for name in ("scripts/setup", "setup.cfg", "pyproject.toml", "conf/requirements.lock"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "conf" / "ivy", root / "conf" / "ivy")
    return root


def fake_python(folder: Path, name: str, *, says: str) -> Path:
    """An interpreter that answers scripts/setup's question, and otherwise prints how it was started."""
    folder.mkdir(exist_ok=True)
    python = folder / name
    python.write_text(f'#!/bin/sh\nif [ "$1" = -c ]; then echo \'{says}\'; else echo "{name} runs $2"; fi\n')
    python.chmod(0o755)
    return python


def setup(root: Path, *, path: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    search = f"{path}:/usr/bin:/bin" if path else "/usr/bin:/bin"
    command = ["sh", str(root / "scripts" / "setup")]
    return subprocess.run(command, env={"PATH": search, **environ}, cwd="/", capture_output=True, text=True, timeout=60)


def complete(root: Path) -> None:
    """Make the checkout look set up, with the stamp that scripts/setup itself hands on."""
    share = root / ".venv" / "share" / "spotistream"
    for jar_set in ("spark", "kafka", "document-store"):
        (share / "jars" / jar_set).mkdir(parents=True)
        (share / "jars" / jar_set / ".complete.json").touch()
    for python in (root / ".venv" / "bin" / "python", root / "java" / "bin" / "java"):
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\n")
        python.chmod(0o755)
    (share / "java-home").write_text(f"{root / 'java'}\n")
    stamp = root / "stamp"
    stamp.write_text('#!/bin/sh\n[ "$1" = -c ] || printf "%s" "$4" > "$0.inputs"\n')
    stamp.chmod(0o755)
    setup(root, PYTHON=str(stamp))
    shutil.move(f"{stamp}.inputs", root / ".venv" / ".setup-complete")


def test_old_pythons_are_named_in_one_line(checkout: Path, tmp_path: Path) -> None:
    for name in ("python3", "python3.13", "python3.12", "python3.11", "python"):
        fake_python(tmp_path / "bin", name, says="is Python 3.9.2")

    done = setup(checkout, path=tmp_path / "bin")

    assert done.returncode == 3
    assert done.stderr.startswith("setup: Python 3.11 or newer with venv is needed (python3 is Python 3.9.2, ")
    assert done.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_used(checkout: Path, tmp_path: Path) -> None:
    fake_python(tmp_path / "bin", "python3", says="is Python 3.9.2")
    fake_python(tmp_path / "bin", "python3.13", says="")

    assert setup(checkout, path=tmp_path / "bin").stdout == "python3.13 runs spotistream.services.environment\n"


def test_the_python_a_person_names_is_the_only_one_tried(checkout: Path, tmp_path: Path) -> None:
    old = fake_python(tmp_path / "bin", "mine", says="is Python 3.10.1")

    done = setup(checkout, PYTHON=str(old))

    assert (done.returncode, f"{old} is Python 3.10.1" in done.stderr) == (3, True)


def test_a_python_that_is_missing_is_named(checkout: Path) -> None:
    assert "/none/python was not found" in setup(checkout, PYTHON="/none/python").stderr


def test_a_real_python_passes_the_question(checkout: Path) -> None:
    shutil.copytree(ROOT / "src" / "spotistream" / "services", checkout / "src" / "spotistream" / "services")
    (checkout / "src/spotistream/services/environment.py").write_text("import sys; print(sys.argv[1])")
    (checkout / "src/spotistream/__init__.py").touch()

    assert setup(checkout, PYTHON=sys.executable).stdout == f"{checkout}\n"


def test_nothing_happens_when_nothing_changed(checkout: Path) -> None:
    complete(checkout)

    began = time.monotonic()
    done = setup(checkout, PYTHON="/none/python")

    assert (done.returncode, done.stdout) == (0, f"spotistream is set up in {checkout}/.venv; nothing has changed\n")
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize(
    "changed", ["setup.cfg", "conf/requirements.lock", "conf/ivy/kafka.xml", ".venv/share/spotistream/java-home"]
)
def test_a_change_is_noticed(checkout: Path, changed: str) -> None:
    complete(checkout)
    (checkout / changed).write_text("changed\n")

    assert "was not found" in setup(checkout, PYTHON="/none/python").stderr


def test_a_missing_jar_set_is_noticed(checkout: Path) -> None:
    complete(checkout)
    (checkout / ".venv/share/spotistream/jars/kafka/.complete.json").unlink()

    assert setup(checkout, PYTHON="/none/python").returncode == 3


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"setup needs 999999999\.0 GB of disk and .* has [\d.]+ GB free"):
        environment.check_space(tmp_path, 999_999_999 * 10**9)


def test_a_half_made_environment_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    assert not environment.is_whole(tmp_path / ".venv")

    (tmp_path / ".venv" / "bin" / "python").symlink_to("/bin/false")
    assert not environment.is_whole(tmp_path / ".venv")


def test_an_environment_that_was_moved_is_not_whole(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "bin" / "pip").write_text(f"#!{venv}/bin/python\n")
    assert environment.is_whole(venv)

    (venv / "bin" / "pip").write_text("#!/elsewhere/.venv/bin/python\n")
    assert not environment.is_whole(venv)


def test_a_second_setup_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "requirements.lock"
    lock.touch()
    order: list[str] = []

    def second() -> None:
        with environment.one_at_a_time(lock):
            order.append("second")

    with lock.open() as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(timeout=10)

    assert order == ["first", "second"]
    assert capsys.readouterr().out == "another setup is at work in this checkout; waiting for it\n"
    assert lock.stat().st_size == 0


def test_a_missing_network_is_told_from_a_missing_version() -> None:
    retry = "WARNING: Retrying (Retry(total=4)) after connection broken by 'ProxyError(...)': /simple/attrs/"
    no_version = "ERROR: Could not find a version that satisfies the requirement attrs==0"

    assert environment._pip_fault([retry, no_version]) == "the package index cannot be reached"
    assert environment._pip_fault([no_version]) == no_version
    assert environment._pip_fault([]) is None


def test_a_path_where_spark_does_not_work_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="has a space in it"):
        environment.make_environment(tmp_path / "my music", "inputs")
