"""The Python environment of a checkout, made by ``scripts/setup`` with nothing but the standard library.

Each step is left out when its result is there already, so an interrupted run is finished by the next one. A second run
at the same time waits for the first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spotistream.errors import EnvironmentProblem, SpotistreamError

NEEDED_BYTES = 3_000_000_000
COMPLETE = ".setup-complete"  # scripts/setup compares it with the inputs
PACKAGES_COMPLETE = ".packages-complete"
PYTHON_INPUTS = ("setup.cfg", "pyproject.toml", "conf/requirements.lock")
# pyspark is published as source only; everything else must come ready-made, or it would need a compiler.
PIP_OPTIONS = ("--only-binary=:all:", "--no-binary=pyspark", "--no-input", "--disable-pip-version-check")
QUIET_SECONDS = 20.0


def make_environment(root: Path, inputs: str) -> None:
    """Bring ``root/.venv`` up to date and note `inputs` in it when it is.

    Raises EnvironmentProblem with what was wrong and what to do.
    """
    if any(letter.isspace() for letter in str(root)):
        raise EnvironmentProblem(
            f"the path of this checkout has a space in it ({root}), where Spark's own scripts do not work",
            remedy="move it to a path without one",
        )
    venv = root / ".venv"
    with one_at_a_time(root / "conf" / "requirements.lock"):
        make_venv(venv)
        install_packages(root, venv)
        say("[3/3] Java, and the jars of Spark, Kafka and the document store")
        command = [str(venv / "bin" / "python"), "-m", "spotistream.services.setup"]
        done = subprocess.run(command, env=_environ(), close_fds=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        _write(venv / COMPLETE, inputs)


def make_venv(venv: Path) -> None:
    """Make the virtual environment, anew where an interrupted run or a move of the checkout left a broken one."""
    if is_whole(venv):
        say(f"[1/3] the environment {venv} is there")
        return
    check_space(venv.parent, NEEDED_BYTES)
    say(f"[1/3] making {venv} with Python {sys.version.split()[0]}")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], capture_output=True, text=True)
    if done.returncode:
        raise EnvironmentProblem(
            f"{sys.executable} cannot make a virtual environment ({_last_line(done.stdout + done.stderr)})",
            remedy="install python3-venv, or name another interpreter with PYTHON=",
        )


def is_whole(venv: Path) -> bool:
    """The environment has a Python of 3.11 or newer and a pip, and was made where it stands now."""
    python, pip = venv / "bin" / "python", venv / "bin" / "pip"
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    if not python.exists() or subprocess.run([str(python), "-c", check], capture_output=True).returncode:
        return False
    return f"{venv}{os.sep}" in "".join(pip.read_text(errors="replace").splitlines()[:3]) if pip.exists() else True


def install_packages(root: Path, venv: Path) -> None:
    """Install exactly the lock file, then this checkout itself, editable."""
    content = hashlib.sha256(b"\0".join((root / name).read_bytes() for name in PYTHON_INPUTS)).hexdigest()
    if _read(venv / PACKAGES_COMPLETE) == content:
        say("[2/3] the Python packages are there")
        return
    lock = root / "conf" / "requirements.lock"
    count = sum(bool(line.strip()) and not line.startswith("#") for line in lock.read_text().splitlines())
    if not any(venv.glob("lib/*/site-packages/pyspark")):
        check_space(root, NEEDED_BYTES)
    say(f"[2/3] installing {count} Python packages (about 0.8 GB to fetch; some minutes)")
    _pip(venv, "install", *PIP_OPTIONS, "-r", str(lock))
    _pip(venv, "install", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-e", str(root))
    _write(venv / PACKAGES_COMPLETE, content)


def check_space(folder: Path, needed: int) -> None:
    """Raise EnvironmentProblem where the disk of `folder` has less than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise EnvironmentProblem(
            f"setup needs {needed / 1e9:.1f} GB of disk and {folder} has {free / 1e9:.1f} GB free",
            remedy="make room and run scripts/setup again",
        )


def _pip(venv: Path, *arguments: str) -> None:
    """Run pip, say now and then what it is at, keep all of its output in setup.log."""
    log, scratch = venv / "setup.log", venv / "tmp"
    scratch.mkdir(exist_ok=True)
    command = [str(venv / "bin" / "python"), "-m", "pip", *arguments]
    environ = {**_environ(), "TMPDIR": str(scratch), "PIP_PROGRESS_BAR": "off", "PYTHONUNBUFFERED": "1"}
    pip = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
        close_fds=False,
    )
    last_said, errors = time.monotonic(), []
    try:
        with log.open("a") as kept:
            for line in pip.stdout or ():
                kept.write(line)
                if line.startswith(("ERROR", "WARNING: Retrying")):
                    errors.append(line.strip())
                last_said = _say_progress(line.strip(), last_said)
        pip.wait()
    finally:
        if pip.poll() is None:
            pip.kill()
            pip.wait()
        shutil.rmtree(scratch, ignore_errors=True)
        if sys.stdout.isatty():
            say("\r\033[K", end="")
    if pip.returncode:
        raise EnvironmentProblem(
            f"pip could not install the packages ({_pip_fault(errors) or _last_line(log.read_text())})",
            remedy=f"check the network and run scripts/setup again; the whole story is in {log}",
        )


def _pip_fault(lines: list[str]) -> str | None:
    """The cause among pip's errors. Without a network it says that there is no such version; the retries tell."""
    if any("connection broken by" in line for line in lines):
        return "the package index cannot be reached"
    return next((line[:200] for line in lines if line.startswith("ERROR")), None)


def _say_progress(line: str, last_said: float) -> float:
    """Show pip's line: in place on a terminal, elsewhere one every QUIET_SECONDS; when it last did so."""
    is_long_step = line.startswith(("Installing collected", "Building wheel"))
    if not is_long_step and not line.startswith(("Collecting", "Downloading", "Preparing", "Using cached")):
        return last_said
    if sys.stdout.isatty():
        say(f"\r\033[K      {line[:90]}", end="")
    elif is_long_step or time.monotonic() - last_said > QUIET_SECONDS:
        say(f"      {line[:90]}")
    else:
        return last_said
    return time.monotonic()


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Hold a lock on `file` for this process alone; it is not changed. Another waits and says so.

    Children inherit the lock: where this process is killed, another setup waits for the pip that it left behind.
    """
    with file.open() as handle:
        os.set_inheritable(handle.fileno(), True)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is at work in this checkout; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def say(text: str, *, end: str = "\n") -> None:
    """A line for whoever ran setup."""
    print(text, end=end, flush=True)  # noqa: T201 - what setup is for


def _environ() -> dict[str, str]:
    """This process's environment without what would let a child import other packages than the environment's."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]


def _read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def main() -> None:
    """Entry of ``scripts/setup``: the checkout's folder and what identifies its inputs."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_exit("stopped; run it again and it goes on from here", 143)))
    try:
        make_environment(Path(sys.argv[1]), sys.argv[2])
    except SpotistreamError as problem:
        sys.exit(_exit(str(problem), problem.exit_code))
    except OSError as problem:
        sys.exit(_exit(f"{problem.filename or 'the environment'}: {problem.strerror}", 3))
    except KeyboardInterrupt:
        sys.exit(_exit("interrupted; run it again and it goes on from here", 130))


def _exit(text: str, code: int) -> int:
    print(f"setup: {text}", file=sys.stderr)  # noqa: T201 - the one line of a failure
    return code


if __name__ == "__main__":
    main()
