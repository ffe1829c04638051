"""The JVM parts, fetched from Maven Central by the Apache Ivy whose jar ships inside pyspark.

One folder per jar set. A set appears in one step when it is whole, and its marker names the files and the hash of the
Ivy file it came from: a set that is whole and current is not looked at again, an interrupted one never counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path

from spotistream.errors import EnvironmentProblem
from spotistream.services.java import JavaRuntime
from spotistream.services.locking import locked
from spotistream.services.truststore import PASSWORD, machine_certificates, write_trust_store

SPARK, KAFKA, DOCUMENT_STORE = "spark", "kafka", "document-store"
JAR_SETS = (SPARK, KAFKA, DOCUMENT_STORE)
MARKER = ".complete.json"
STALLED_SECONDS = 120  # without a byte or a line from Ivy


def default_jars_dir() -> Path:
    """Where the sets stand: beside the environment whose pyspark they fit, shared by every data home."""
    return Path(sys.prefix) / "share" / "spotistream" / "jars"


def ivy_dir() -> Path:
    """The folder of ``<set>.xml`` and ``settings.xml``: the checkout's, else the installed copy."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent.parent / "conf" / "ivy", package / "conf" / "ivy"):
        if (folder / "settings.xml").is_file():
            return folder
    raise EnvironmentProblem(f"conf/ivy is missing beside {package}", remedy="install spotistream again")


def fetched_jars(jar_set: str, jars_dir: Path) -> list[Path] | None:
    """The jars of a set that is whole and current, else None. Reads one small file and stats each jar."""
    folder = jars_dir / jar_set
    try:
        marker = json.loads((folder / MARKER).read_text())
        whole = all((folder / name).stat().st_size == size for name, size in marker["jars"].items())
    except (OSError, ValueError, KeyError):
        return None
    if not whole or marker["ivy"] != _ivy_hash(jar_set):
        return None
    return [folder / name for name in marker["jars"]]


def fetch_jars(
    jar_set: str, jars_dir: Path, *, java: JavaRuntime, progress: Callable[[str], None] = lambda line: None
) -> list[Path]:
    """The jars of `jar_set` under ``jars_dir/<set>``, fetched if they are not there yet.

    jar_set : one of JAR_SETS
    progress : called with one line per file fetched

    Raises EnvironmentProblem when Maven Central cannot be reached or the disk cannot be written.
    """
    if jars := fetched_jars(jar_set, jars_dir):
        return jars
    try:
        jars_dir.mkdir(parents=True, exist_ok=True)
        with locked(jars_dir / f".{jar_set}.lock"):
            if jars := fetched_jars(jar_set, jars_dir):
                return jars
            for interrupted in jars_dir.glob(f".fetching-{jar_set}-*"):
                shutil.rmtree(interrupted, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=f".fetching-{jar_set}-", dir=jars_dir) as temporary:
                fetched = _retrieve(jar_set, Path(temporary), java=java, progress=progress)
                _install(fetched, jars_dir / jar_set, jar_set)
    except OSError as problem:
        raise EnvironmentProblem(
            f"cannot write the {jar_set} jars to {jars_dir} ({problem.strerror or problem})",
            remedy="make it writable and check the free disk space",
        ) from problem
    return fetched_jars(jar_set, jars_dir) or []


def _retrieve(jar_set: str, work: Path, *, java: JavaRuntime, progress: Callable[[str], None]) -> Path:
    """Run Ivy with everything it writes inside `work`; the folder it filled."""
    jars, output = work / "jars", work / "ivy.log"
    command = [
        str(java.executable),
        *_network_options(work),
        f"-Divy.home={work}",
        "-jar",
        str(_ivy_jar()),
        *("-settings", str(ivy_dir() / "settings.xml")),
        *("-ivy", str(ivy_dir() / f"{jar_set}.xml")),
        *("-cache", str(work / "cache")),
        *("-retrieve", f"{jars}/[artifact]-[revision](-[classifier]).[ext]"),
        *("-types", "jar", "bundle"),
    ]
    with output.open("wb") as stream:
        ivy = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, cwd=work)
        try:
            stalled = not _follow(ivy, output, progress)
        finally:
            ivy.kill()
            ivy.wait()
    if stalled or ivy.returncode != 0 or not any(jars.glob("*.jar")):
        raise EnvironmentProblem(
            f"cannot fetch the {jar_set} jars from Maven Central ({_reason(output, stalled=stalled)})",
            remedy="check the network (https to repo1.maven.org) and repeat; what was fetched whole is kept",
        )
    return jars


def _follow(ivy: subprocess.Popen[bytes], output: Path, progress: Callable[[str], None]) -> bool:
    """Report each file as Ivy fetches it, until Ivy ends; False when it has said nothing for STALLED_SECONDS."""
    seen, last_word = 0, time.monotonic()
    with output.open(errors="replace") as lines:
        while True:
            ended = ivy.poll() is not None
            new = lines.read()
            if new:
                last_word = time.monotonic()
                for name in re.findall(r"\[SUCCESSFUL \] \S*!(\S+)", new):
                    seen += 1
                    progress(f"{seen:3d}  {name}")
            if ended:
                return True
            if time.monotonic() - last_word > STALLED_SECONDS:
                return False
            time.sleep(0.1)


def _install(fetched: Path, folder: Path, jar_set: str) -> None:
    """Put the fetched folder in the set's place, marker first. A running JVM keeps the files it has open."""
    sizes = {jar.name: jar.stat().st_size for jar in sorted(fetched.glob("*.jar"))}
    (fetched / MARKER).write_text(json.dumps({"ivy": _ivy_hash(jar_set), "jars": sizes}, indent=1))
    if folder.exists():
        folder.rename(fetched.parent / "replaced")
    fetched.rename(folder)


def _reason(output: Path, *, stalled: bool) -> str:
    """The one fact of an Ivy log that a user can act on."""
    if stalled:
        return f"no data for {STALLED_SECONDS} s"
    text = output.read_text(errors="replace")
    for pattern in (
        r"(?:java\.\S+|javax\.\S+)Exception: [^\n)]+",
        r":: ([^\n]*not found)",
        r"(?i)(no space left on device|server access error[^\n]*|download failed[^\n]*)",
    ):
        if found := re.search(pattern, text):
            return found[0].strip(": ")[:200]
    return (text.strip().splitlines() or ["Ivy said nothing"])[-1][:200]


def _ivy_hash(jar_set: str) -> str:
    content = (ivy_dir() / f"{jar_set}.xml").read_bytes() + (ivy_dir() / "settings.xml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def _ivy_jar() -> Path:
    import pyspark

    jars = sorted((Path(pyspark.__file__).parent / "jars").glob("ivy-*.jar"))
    if not jars:
        raise EnvironmentProblem("pyspark came without its Ivy jar", remedy="install pyspark again with pip")
    return jars[-1]


def _network_options(work: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    """What pip honours and Java does not: the machine's certificate authorities and HTTPS_PROXY."""
    environ = os.environ if environ is None else environ
    options = []
    if certificates := machine_certificates(environ):
        store = work / "authorities.jks"
        write_trust_store(certificates, store)
        options += [f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStoreType=JKS"]
        options += [f"-Djavax.net.ssl.trustStorePassword={PASSWORD}"]
    proxy = urllib.parse.urlsplit(environ.get("https_proxy") or environ.get("HTTPS_PROXY") or "")
    if proxy.hostname:
        options += [f"-Dhttps.proxyHost={proxy.hostname}", f"-Dhttps.proxyPort={proxy.port or 3128}"]
    return options
