"""``spotistream add``: music into the catalogue of a service, which has it without a restart where it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spotistream.catalogue.adding import copy_files, planned_copies
from spotistream.catalogue.folder import COVER_SUFFIXES, is_uri
from spotistream.config import Config
from spotistream.errors import InputError
from spotistream.home import DEMO_MUSIC
from spotistream.jobs import JOBS
from spotistream.launch import run_job, running_session, services_for
from spotistream.pipelines.add_tracks import Added, outcomes, wait_until_served
from spotistream.pipelines.all_streams import read_state
from spotistream.pipelines.progress import Progress

SERVED_SECONDS = 180.0


def add(cfg: Config, paths: Sequence[Path]) -> Iterator[str]:
    """Copy the files, extract and publish what is new, and wait for a running service; lines that say how it went.

    Raises InputError where the home knows no folder of music, or a path is no audio; then nothing was copied.
    """
    cfg = with_music_of_home(cfg)
    copies = planned_copies(paths, Path(cfg.audio.folder))
    with Progress("files", total=len(copies)) as progress:
        for _ in copy_files(copies):
            progress.advance(1)
    new = sum(not copy.there for copy in copies)
    yield f"{new:,} files copied into {cfg.audio.folder}, {len(copies) - new:,} were there"
    audio = [copy.target for copy in copies if copy.target.suffix.lower() not in COVER_SUFFIXES]
    with services_for(cfg, [JOBS["ingest_tracks"]]) as cfg:
        with running_session(cfg, "add") as spark:
            for name in ("extract_features", "publish"):
                run_job(JOBS[name], cfg, lambda: spark, once=False, only_stale=False, refit=False)
            found = outcomes(spark, cfg, audio)
        yield from (f"not added: {one.path}: {one.reason}" for one in found if one.track_id is None)
        yield _ending(cfg, [one for one in found if one.track_id is not None])


def with_music_of_home(cfg: Config) -> Config:
    """The configuration with the folder of music: its own, else the demo's where that was made."""
    demo = cfg.home.joinpath(*DEMO_MUSIC)
    folder = cfg.audio.folder or (str(demo) if demo.is_dir() else "")
    remedy = "start it once with spotistream up --audio FOLDER, or name another home with --home"
    if not folder:
        raise InputError("the folder of music", f"is not known to the home {cfg.home}", remedy=remedy)
    if is_uri(folder):
        raise InputError(f"folder of music {folder}", "is not on this machine", remedy="put the files there yourself")
    return replace(cfg, audio=replace(cfg.audio, folder=folder))


def _ending(cfg: Config, tracks: list[Added]) -> str:
    named = ", ".join(f"{track.title} ({track.track_id})" for track in tracks[:5])
    more = f" and {len(tracks) - 5:,} more" if len(tracks) > 5 else ""
    if not tracks:
        return "no track was added"
    if not _streams_run(cfg):
        return f"added {named}{more}; next: spotistream up, which takes them up when it starts"
    ids = [str(track.track_id) for track in tracks]
    if wait_until_served(cfg, ids, running=lambda: _streams_run(cfg), limit_s=SERVED_SECONDS):
        return f"added {named}{more}: to be found, similar and recommended in the running service"
    return f"added {named}{more}; the running service has not taken them up yet: see logs/streams.log of the home"


def _streams_run(cfg: Config) -> bool:
    pid = read_state(cfg.home).pid
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
