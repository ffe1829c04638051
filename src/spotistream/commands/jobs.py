"""``run``, which runs jobs by name, and ``package``, which makes what a cluster runs them from."""

from __future__ import annotations

import argparse
from pathlib import Path

from spotistream.commands.command import Command
from spotistream.jobs import JOBS
from spotistream.launch import add_common_arguments, configured, run_jobs, say
from spotistream.package import ARCHIVE, write_package

_LISTED = "\n".join(f"  {job.name:26}{job.summary}" for job in JOBS.values())


def _add_run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", choices=list(JOBS), metavar="NAME", help="a job; several share one session")
    parser.add_argument("--once", action="store_true", help="streaming jobs read what is there now, then end")
    parser.add_argument("--only-stale", action="store_true", help="skip batch jobs whose inputs are unchanged")
    parser.add_argument(
        "--refit", action="store_true", help="map_tracks: compute the map anew though little has changed"
    )
    parser.add_argument(
        "--force", action="store_true", help="train_model: use the model though it is worse, or one is pinned"
    )


def _add_package_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write them: an empty or a new folder")


def _run(arguments: argparse.Namespace) -> None:
    cfg = configured(arguments)
    run_jobs(
        arguments.names,
        cfg,
        once=arguments.once,
        only_stale=arguments.only_stale,
        refit=arguments.refit,
        force=arguments.force,
    )


def _package(arguments: argparse.Namespace) -> None:
    folder = arguments.folder
    say(f"{write_package(folder)}, with the jobs and the configuration beside it. Next, where the cluster is known:")
    say(f"SPOTISTREAM_CONF={folder / 'conf'} SPOTISTREAM_PROFILE=cluster spark-submit --deploy-mode client")
    say(f"  --master URL --py-files {folder / ARCHIVE} {folder / 'streaming_jobs/all_streams.py'}")


RUN = Command("run", "run jobs by name", _run, (_add_run_arguments, add_common_arguments), epilog=f"jobs:\n{_LISTED}")
PACKAGE = Command(
    "package",
    "the package, the jobs and the configuration for a Spark cluster",
    _package,
    (_add_package_arguments,),
)
