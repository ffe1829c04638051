"""The JVM parts of an environment: Java, the jars, and a ``spark-submit`` that knows both; and compiled loops.

``python -m spotistream.services.setup`` is the last step of ``scripts/setup``; repeating it changes nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from spotistream.errors import EnvironmentProblem, SpotistreamError
from spotistream.services.jars import JAR_SETS, SPARK, default_jars_dir, fetch_jars, fetched_jars
from spotistream.services.java import CHOICE_VARIABLE, JavaRuntime, default_private_home, find_java
from spotistream.services.sparkhome import configure_spark_home

COMPILED = ("spotistream.audio.warm", "spotistream.models.warm")
"""Programs that compile the loops of the analysis of sound and of ranking."""
NEXT = "set up. Next: scripts/demo plays music on this machine; scripts/test runs the tests"


def set_up() -> None:
    """Find Java, fetch what is missing, configure Spark, compile our loops. Raises EnvironmentProblem."""
    warming = [subprocess.Popen([sys.executable, "-m", module], stderr=subprocess.DEVNULL) for module in COMPILED]
    java = find_java(default_private_home())
    say(f"      Java {java.version} ({java.source}: {java.home})")
    missing = [jar_set for jar_set in JAR_SETS if fetched_jars(jar_set, default_jars_dir()) is None]
    if missing:
        say(f"      fetching jars from Maven Central: {', '.join(missing)} (80 MB in all; a minute or so)")
        fetch_all(missing, java)
    configure_spark_home(java, default_jars_dir() / SPARK, wheel_home=wheel_home())
    note_java(java)
    for process in warming:
        process.wait()  # where it failed, the first process that needs the loops compiles them, or says why it cannot
    say(NEXT)


def fetch_all(jar_sets: list[str], java: JavaRuntime) -> None:
    """Fetch the sets side by side: most of the time goes into waiting for small files."""
    lock, counter = threading.Lock(), {"files": 0, "said": time.monotonic()}

    def progress(line: str) -> None:
        with lock:
            counter["files"] += 1
            if sys.stdout.isatty():
                say(f"\r\033[K      {counter['files']} files, last {line.split()[-1]}", end="")
            elif time.monotonic() - counter["said"] > 10:
                counter["said"] = time.monotonic()
                say(f"      {counter['files']} files")

    try:
        with ThreadPoolExecutor(len(jar_sets)) as pool:
            list(
                pool.map(
                    lambda jar_set: fetch_jars(jar_set, default_jars_dir(), java=java, progress=progress), jar_sets
                )
            )
    finally:
        if sys.stdout.isatty():
            say("\r\033[K", end="")


def wheel_home() -> Path | None:
    """The wheel's JAVA_HOME, made also where the machine has a Java, so that SPOTISTREAM_JAVA=wheel works later."""
    try:
        return find_java(default_private_home(), environ={**os.environ, CHOICE_VARIABLE: "wheel"}).home
    except EnvironmentProblem:
        return None


def note_java(java: JavaRuntime) -> None:
    """Leave the Java's home where ``scripts/setup`` looks whether it is still there."""
    note = default_private_home().with_name("java-home")
    note.write_text(f"{java.home}\n")


def say(text: str, *, end: str = "\n") -> None:
    """A line for whoever ran setup."""
    print(text, end=end, flush=True)  # noqa: T201 - what setup is for


def main() -> None:
    """Entry of the program: one line and an exit code where something is wrong."""
    try:
        set_up()
    except SpotistreamError as problem:
        print(f"setup: {problem}", file=sys.stderr)  # noqa: T201 - the one line of a failure
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
