"""Arguments -> configuration -> logging -> services -> session -> run -> exit code."""

from __future__ import annotations

import argparse
import errno
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spotistream.config import EMBEDDED, ENV_PREFIX, SECTIONS, Config, load_config
from spotistream.errors import EnvironmentProblem, InputError, SpotistreamError
from spotistream.home import prepare_home, remember
from spotistream.jobs import JOBS, JobEntry
from spotistream.logs import JSON, TEXT, set_up
from spotistream.serving.kafka_client import client_options
from spotistream.tables import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

log = logging.getLogger(__name__)

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_DISK_REFUSES = (errno.EACCES, errno.EPERM, errno.EROFS)


def submitted(name: str) -> None:
    """Entry of every file in ``batch_jobs/`` and ``streaming_jobs/``: run one job and exit."""
    parser = argparse.ArgumentParser(description=JOBS[name].summary)
    add_common_arguments(parser)
    if JOBS[name].streaming:
        parser.add_argument("--once", action="store_true", help="read what is there now, then end")
    if JOBS[name].refits:
        parser.add_argument("--refit", action="store_true", help="compute it anew though little has changed")
    if JOBS[name].forces:
        parser.add_argument(
            "--force", action="store_true", help="use the new model though it is worse, or one is pinned"
        )
    arguments = parser.parse_args()

    def run() -> None:
        chosen = {option: getattr(arguments, option, False) for option in ("once", "refit", "force")}
        run_jobs([name], configured(arguments), **chosen)

    sys.exit(guarded(run))


def add_home_arguments(parser: argparse.ArgumentParser) -> None:
    """What a command takes that works on a home and is told no music."""
    parser.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    parser.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    parser.set_defaults(audio=None, metadata=None)


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """What every job takes."""
    add_home_arguments(parser)
    parser.add_argument("--audio", metavar="FOLDER", help="folder of music, or its URI (else the one of this home)")
    parser.add_argument(
        "--metadata", type=Path, metavar="PATH", help="FMA's metadata: its ZIP or folder (else that of this home)"
    )
    parser.add_argument("--log-format", choices=(TEXT, JSON), help="how to log (else as configured: text)")


def configured(arguments: argparse.Namespace) -> Config:
    """The configuration these arguments ask for, on a home that can be used; logging set up."""
    cfg = load_config(home=arguments.home, profile=arguments.profile)
    if chosen := getattr(arguments, "log_format", None):
        cfg = replace(cfg, log=replace(cfg.log, format=chosen))
    set_up(cfg.log)
    return with_metadata(with_audio_folder(cfg, arguments.audio), arguments.metadata)


def with_audio_folder(cfg: Config, chosen: str | None) -> Config:
    """The configuration with the folder of music: the one chosen, configured, or remembered by the home, in this order.

    A chosen folder is remembered. Raises ``InputError`` where it is not a folder, or is chosen and holds no audio.
    """
    from spotistream.catalogue.folder import is_uri, music_folder

    facts = prepare_home(cfg.home)
    if chosen and not is_uri(chosen):
        chosen = str(Path(chosen).expanduser().absolute())
    folder = chosen or cfg.audio.folder or facts.audio_folder
    if chosen:
        if not is_uri(folder):
            music_folder(folder)
        if folder != facts.audio_folder:
            remember(cfg.home, replace(facts, audio_folder=folder))
    elif folder and not is_uri(folder) and not Path(folder).is_dir():
        raise InputError(f"folder of music {folder}", "is not a folder", remedy="name an existing one with --audio")
    return replace(cfg, audio=replace(cfg.audio, folder=folder))


def with_metadata(cfg: Config, chosen: Path | None) -> Config:
    """The configuration with the metadata: what is chosen, configured, or remembered by the home, in this order.

    A choice is remembered. Raises ``InputError`` where it is no metadata.
    """
    from spotistream.catalogue.fma.source import metadata_at

    facts = prepare_home(cfg.home)
    metadata = str(chosen.expanduser().absolute()) if chosen else cfg.catalogue.metadata or facts.metadata
    if chosen:
        metadata_at(metadata)
        if metadata != facts.metadata:
            remember(cfg.home, replace(facts, metadata=metadata))
    return replace(cfg, catalogue=replace(cfg.catalogue, metadata=metadata))


def guarded(run: Callable[[], None]) -> int:
    """Exit code of ``run``; an error raised on purpose becomes one line, and so does a disk that is full."""
    try:
        run()
    except SpotistreamError as exc:
        return _failed(exc)
    except KeyboardInterrupt:
        return 130
    except Exception as exc:
        problem = disk_problem(exc)
        if problem is None:
            raise
        log.debug("what was met", exc_info=exc)
        return _failed(problem)
    return 0


def disk_problem(error: Exception) -> EnvironmentProblem | None:
    """What to say of a disk that is full or refuses an access; ``None`` for any other error.

    Where the JVM met the full disk, only the text of its error tells.
    """
    code = error.errno if isinstance(error, OSError) else None
    if code in _DISK_FULL or os.strerror(errno.ENOSPC) in str(error):
        return EnvironmentProblem(
            "the disk is full", remedy="make room where the home is and start again: what was finished is kept"
        )
    if isinstance(error, OSError) and code in _DISK_REFUSES and error.filename is not None:
        return EnvironmentProblem(
            f"{error.filename} cannot be used ({error.strerror})",
            remedy="change its permissions, or choose another home with --home",
        )
    return None


def _failed(error: SpotistreamError) -> int:
    print(f"spotistream: {error}", file=sys.stderr)  # noqa: T201
    return error.exit_code


def run_jobs(
    names: Sequence[str],
    cfg: Config,
    *,
    once: bool = False,
    only_stale: bool = False,
    refit: bool = False,
    force: bool = False,
) -> None:
    """Run jobs in order, in one session, which starts with the first job that needs it.

    With ``only_stale`` a batch job whose inputs are unchanged since it last succeeded is skipped; with ``refit`` a job
    that otherwise keeps what it fitted while little changes fits it anew; with ``force`` a model is used whatever the
    gate finds. Services the jobs need and the home does not run are started for as long as the jobs take.
    """
    entries = [JOBS[name] for name in names]
    if not once and any(entry.streaming for entry in entries[:-1]):
        raise InputError("several jobs", "a streaming job never ends", remedy="add --once, or name it last")
    check_music(cfg, entries)
    check_metadata(cfg, entries)
    with ExitStack() as stack:
        cfg = stack.enter_context(services_for(cfg, entries))
        session: list[SparkSession] = []

        def spark() -> SparkSession:
            if not session:
                name = names[0] if len(names) == 1 else "batch"
                session.append(stack.enter_context(running_session(cfg, name)))
            return session[0]

        for entry in entries:
            run_job(entry, cfg, spark, once=once, only_stale=only_stale, refit=refit, force=force)


def run_job(
    entry: JobEntry,
    cfg: Config,
    spark: Callable[[], SparkSession],
    *,
    once: bool,
    only_stale: bool,
    refit: bool,
    force: bool = False,
) -> None:
    """Run one job and print its summary line."""
    from spotistream.pipelines import staleness

    found = staleness.fingerprint(cfg, entry.name)
    if only_stale and not staleness.is_stale(cfg, entry.name, found):
        say(f"{entry.name}: nothing new")
        return
    module: Any = importlib.import_module(entry.module)
    if not entry.needs_spark:
        summary = getattr(module, entry.name)(cfg, progress=True)
    else:
        job = getattr(module, "JOB", module)
        asked = {"refit": refit and entry.refits, "force": force and entry.forces}
        options = {name: True for name, wanted in asked.items() if wanted}
        if entry.streaming and not once:
            with _watched(spark(), cfg, entry.name):
                summary = job.run(spark(), cfg, **options)
        else:
            summary = (job.run_once if entry.streaming else job.run)(spark(), cfg, **options)
    say(f"{entry.name}: {summary}")
    if found is not None:
        staleness.remember(cfg, entry.name, found)


def _watched(spark: SparkSession, cfg: Config, application: str) -> AbstractContextManager[object]:
    from spotistream.monitoring.watching import watched

    return watched(spark, cfg, application)


@contextmanager
def running_session(cfg: Config, name: str) -> Iterator[SparkSession]:
    """A Spark session of this process for as long as the block takes."""
    from spotistream.io.session import build_session

    choose_java()
    session = build_session(cfg, name)
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def services_for(cfg: Config, entries: Iterable[JobEntry]) -> Iterator[Config]:
    """The configuration with the addresses of the embedded services, started where they are missing.

    Raises ``ServiceUnavailable``, before anything is started, where one that is not embedded is away.
    """
    entries = list(entries)
    needs_kafka = any(entry.needs_kafka for entry in entries)
    needs_store = any(entry.needs_store for entry in entries)
    kafka = needs_kafka and cfg.kafka.bootstrap_servers == EMBEDDED
    store = needs_store and cfg.mongo.uri == EMBEDDED
    if needs_store and not store:
        check_store(cfg)
    if needs_kafka and not kafka:
        ensure_topics(cfg)
    with ExitStack() as stack:
        if kafka or store:
            from spotistream.services.running import start_missing

            addresses = stack.enter_context(start_missing(cfg.home, kafka=kafka, store=store))
            cfg = with_addresses(cfg, kafka=addresses.kafka, mongo=addresses.mongo)
        if kafka:
            ensure_topics(cfg)
        yield cfg


def check_music(cfg: Config, entries: Iterable[JobEntry]) -> None:
    """Raises ``InputError`` where a job reads the folder of music, and that is not one or holds no audio."""
    from spotistream.catalogue.folder import is_uri, music_folder

    if any(entry.needs_music for entry in entries) and not is_uri(cfg.audio.folder):
        music_folder(cfg.audio.folder)


def check_metadata(cfg: Config, entries: Iterable[JobEntry]) -> None:
    """Raises ``InputError`` where a job reads a file of FMA's metadata that is not there."""
    from spotistream.catalogue.fma.source import metadata_at

    for entry in entries:
        if entry.needs_metadata:
            metadata_at(cfg.catalogue.metadata).require(entry.needs_metadata)


def check_store(cfg: Config) -> None:
    """Raises ``ServiceUnavailable`` where the document store does not answer."""
    from spotistream.io.documents import database

    with database(cfg.mongo):
        pass


def choose_java() -> None:
    """Let Spark start on the Java of this environment; under ``spark-submit`` it runs already.

    Raises ``EnvironmentProblem`` where there is none that it can run on.
    """
    from spotistream.services.java import default_private_home, find_java

    if "SPARK_ENV_LOADED" not in os.environ:
        os.environ["JAVA_HOME"] = str(find_java(default_private_home()).home)


def ensure_topics(cfg: Config) -> None:
    """Create the topics that do not exist yet."""
    from spotistream.services.topics import TopicSpec, create_topics

    create_topics(
        client_options(cfg.kafka),
        [
            TopicSpec(
                topic.name,
                partitions=cfg.kafka.partitions,
                replication_factor=cfg.kafka.replication_factor,
                settings=topic.settings | ({"cleanup.policy": "compact"} if topic.compacted else {}),
            )
            for topic in TOPICS
        ],
    )


def with_addresses(cfg: Config, *, kafka: str | None, mongo: str | None) -> Config:
    """The configuration pointed at these services."""
    if kafka:
        cfg = replace(cfg, kafka=replace(cfg.kafka, bootstrap_servers=kafka))
    return replace(cfg, mongo=replace(cfg.mongo, uri=mongo)) if mongo else cfg


def say(text: str) -> None:
    """A line for whoever started the command."""
    print(text, flush=True)  # noqa: T201


def child_environment(cfg: Config, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment that gives a child exactly this configuration."""
    values = {
        f"{ENV_PREFIX}{section}__{key}".upper(): str(value)
        for section in SECTIONS
        for key, value in asdict(getattr(cfg, section)).items()
    }
    return {**environ, **values, "SPOTISTREAM_HOME": str(cfg.home), "SPOTISTREAM_PROFILE": cfg.profile}
