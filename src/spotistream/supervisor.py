"""The whole service on one machine: start in order, say each step, watch, stop in reverse order."""

from __future__ import annotations

import importlib.util
import logging
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from spotistream.config import Config
from spotistream.errors import ConfigError, EnvironmentProblem, InputError, ServiceStopped, SpotistreamError
from spotistream.home import DEMO_MUSIC, locked_home
from spotistream.io.artefacts import current_version
from spotistream.io.session import java_options
from spotistream.jobs import JOBS
from spotistream.launch import check_music, child_environment, choose_java, say, services_for
from spotistream.monitoring.figures import FAILED
from spotistream.monitoring.publishing import note_restarts, read_records
from spotistream.pipelines.all_streams import forget_state, read_state
from spotistream.restarts import Part, warn
from spotistream.services import broker, document_store
from spotistream.services.process import ManagedProcess, find_process
from spotistream.services.running import start_again
from spotistream.signals import stop_requested
from spotistream.watch import FolderWatch

log = logging.getLogger(__name__)

PREPARE = (
    "import_metadata", "extract_features", "publish", "ingest_tracks", "simulate_past", "ingest_plays", "find_topics",
    "train_model", "map_tracks", "train_genres",
)  # fmt: skip
STREAMS_READY_S = 300.0
PLAYER_READY_S = 60.0
HIGHEST_PORT = 65_535
SAID = frozenset(kind.exit_code for kind in SpotistreamError.__subclasses__()) - {SpotistreamError.exit_code}
"""Exit codes of a child that has said in one line what was wrong; that of the root is also Python's own."""
_TICK_S = 0.25


def serve(cfg: Config, *, demo: bool) -> None:
    """Run the service until SIGTERM or Ctrl-C. With ``demo`` it makes its own music and listeners where needed.

    A part of it that ends by itself is started again. Raises ``EnvironmentProblem`` before anything is started where
    the port is taken, the home is in use or there is no Java, ``InputError`` where there is no music, and
    ``ServiceStopped`` when a part ends while starting, or again and again.
    """
    with stop_requested() as asked, locked_home(cfg.home), ExitStack() as stack:
        check_port(cfg.player.host, cfg.player.port)
        choose_java()
        if demo:
            cfg = with_demo_music(cfg)
        elif not cfg.audio.folder and current_version(Path(cfg.paths.models)) is None:
            raise InputError(
                "the folder of music", "is not known to this home", remedy="name one with --audio, or try scripts/demo"
            )
        if cfg.audio.folder:
            check_music(cfg, JOBS.values())
        step("starting the broker and the document store")
        cfg = stack.enter_context(services_for(cfg, JOBS.values()))
        prepare(cfg, simulate=cfg.simulation.enabled, asked=asked)
        parts = own_services(cfg)
        note_restarts(cfg.home, {})
        stack.callback(stop_parts, parts, timeout_s=cfg.stream.stop_timeout_s)
        start_parts(cfg, parts, asked)
        if not asked.is_set():
            say(f"ready http://{cfg.player.host}:{cfg.player.port}")
        watch = FolderWatch(cfg)
        stack.callback(watch.stop)
        while not asked.wait(_TICK_S):
            keep_running(parts, cfg)
            watch.tick()
        step("stopping")


def own_services(cfg: Config) -> list[Part]:
    """The broker and the store of this home, which others start and stop; here they are started again."""
    found = [(name, find_process(cfg.home, name)) for name in (document_store.NAME, broker.NAME)]
    return [
        Part(f"the {name}", partial(start_again, cfg.home, name), cfg.supervisor, process=process, is_ours=False)
        for name, process in found
        if process is not None
    ]


def start_parts(cfg: Config, parts: list[Part], asked: threading.Event) -> None:
    """Player and streams, then, once the streams have caught up, the simulated listeners."""
    step("starting the streams (spark-submit) and the player")
    # spark-submit is a JVM around the Python driver; only the driver knows how to stop between two batches.
    parts.append(part("the streams", lambda: started_streams(cfg), cfg, asked_at=lambda: read_state(cfg.home).pid))
    player = [sys.executable, "-m", "dashboard"]
    parts.append(part("the player", lambda: started("player", player, cfg), cfg))
    url = f"http://{cfg.player.host}:{cfg.player.port}/healthz"
    wait_for("the player", lambda: answers(url), parts, asked, limit_s=PLAYER_READY_S)
    wait_for("the streams", lambda: read_state(cfg.home).ready, parts, asked, limit_s=STREAMS_READY_S)
    if cfg.simulation.enabled and cfg.simulation.live_events_per_minute > 0 and not asked.is_set():
        command = [sys.executable, "-m", "spotistream.cli", "simulate"]
        parts.append(part("the simulation", lambda: started("simulation", command, cfg), cfg))
        step(f"simulated listeners play on: {cfg.simulation.live_events_per_minute:g} events a minute")


def part(
    name: str, start: Callable[[], ManagedProcess], cfg: Config, *, asked_at: Callable[[], int | None] = lambda: None
) -> Part:
    """Start a part of the service, to be kept running."""
    return Part(name, start, cfg.supervisor, process=start(), asked_at=asked_at)


def started_streams(cfg: Config) -> ManagedProcess:
    """The application of all streams, of which nothing is known yet."""
    forget_state(cfg.home)
    return started("streams", streams_command(cfg), cfg)


def keep_running(parts: list[Part], cfg: Config) -> None:
    """Start again what has ended, and note how often that was needed, for ``spotistream status``.

    Raises ``ServiceStopped``, after saying it loudly, for a part that keeps ending.
    """
    try:
        happened = [one.tick() for one in parts]
    except ServiceStopped as exc:
        for line in ("*" * 72, f"{exc.name} ended too often: the service ends", *last_errors(cfg.home), "*" * 72):
            warn(line)
        raise
    if any(happened):
        note_restarts(cfg.home, {one.name: one.recent_failures for one in parts if one.recent_failures})


def last_errors(home: Path) -> list[str]:
    """Why queries failed last, a line for each."""
    told = [one for record in read_records(home) for one in record["queries"] if one["state"] == FAILED]
    return [f"query {one['query']} failed: {one['error']}" for one in told]


def prepare(cfg: Config, *, simulate: bool, asked: threading.Event) -> None:
    """Run the batch jobs that have something new to do, in one session of a process of their own."""
    if asked.is_set():
        return
    wanted = {
        "simulate_past": simulate,
        "extract_features": cfg.audio.folder,
        "import_metadata": cfg.catalogue.metadata,
    }
    names = [name for name in PREPARE if wanted.get(name, True)]
    step("features, tracks, plays and model: running what has something new")
    command = [sys.executable, "-m", "spotistream.cli", "run", "--only-stale", "--once", *names]
    child = subprocess.Popen(command, env=child_environment(cfg), start_new_session=True)
    while child.poll() is None:
        if asked.wait(_TICK_S):
            child.terminate()
            child.wait()
            return
    if child.returncode in SAID:
        raise SystemExit(child.returncode)
    if child.returncode:
        raise EnvironmentProblem(f"a batch job failed (exit code {child.returncode})", remedy="the lines above say why")


def with_demo_music(cfg: Config) -> Config:
    """The configuration on the generated catalogue, made where it is missing, unless a folder of music was given."""
    if cfg.audio.folder:
        return cfg
    from tqdm import tqdm

    from spotistream.demo.catalogue import generate_catalogue

    folder = cfg.home.joinpath(*DEMO_MUSIC)
    step(f"making the demo's music in {folder}")
    with tqdm(total=None, unit=" clips", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        clips = generate_catalogue(folder, clips=cfg.demo.clips, seed=cfg.demo.seed, progress=progress)
    say(f"{len(clips)} generated clips")
    return replace(cfg, audio=replace(cfg.audio, folder=str(folder)))


def streams_command(cfg: Config) -> list[str]:
    """``spark-submit`` of the application that runs every stream."""
    spec = importlib.util.find_spec("streaming_jobs.all_streams")
    if spec is None or spec.origin is None:
        raise EnvironmentProblem("streaming_jobs is not installed", remedy="run scripts/setup")
    submit = Path(sys.executable).with_name("spark-submit")
    settings = {
        "--master": cfg.spark.master or "local[*]",
        "--driver-memory": cfg.spark.driver_memory,
        "--driver-java-options": java_options(cfg),
    }
    return [str(submit), *chain.from_iterable(pair for pair in settings.items() if pair[1]), spec.origin]


def started(name: str, command: list[str], cfg: Config) -> ManagedProcess:
    """A child process that logs to ``logs/NAME.log`` of the home."""
    return ManagedProcess.start(name, command, home=cfg.home, env=child_environment(cfg))


def wait_for(
    name: str, condition: Callable[[], bool], parts: list[Part], asked: threading.Event, *, limit_s: float
) -> None:
    """Wait for a part to be ready. Raises where it ends or the time is up; returns early when asked to stop."""
    deadline = time.monotonic() + limit_s
    while not condition():
        for one in parts:
            one.check()
        if time.monotonic() > deadline:
            raise EnvironmentProblem(
                f"{name} did not become ready in {limit_s:g} s", remedy="look into the logs folder of the home"
            )
        if asked.wait(_TICK_S):
            return


def stop_parts(parts: list[Part], *, timeout_s: float) -> None:
    """Stop the newest first."""
    for one in reversed(parts):
        log.info("stopping %s", one.name)
        one.stop(timeout_s=timeout_s)


def check_port(host: str, port: int) -> None:
    """Raises ``ConfigError`` for a port that does not exist, ``EnvironmentProblem`` where the player cannot listen."""
    if not 0 < port <= HIGHEST_PORT:
        raise ConfigError(
            "player.port", f"must be 1 to {HIGHEST_PORT}, not {port}", source="--port or the configuration"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise EnvironmentProblem(
                f"port {port} of {host} cannot be used ({exc.strerror})", remedy="choose another with --port"
            ) from exc


def answers(url: str) -> bool:
    """The address answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def step(text: str) -> None:
    """One line for each step, with the time it began."""
    say(f"[{time.strftime('%H:%M:%S')}] {text}")
