"""The command ``spotistream``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from spotistream import __version__
from spotistream.config import Config, load_config
from spotistream.errors import InputError
from spotistream.evaluation import command as evaluation
from spotistream.jobs import JOBS
from spotistream.launch import add_common_arguments, configured, guarded, run_jobs, running_session, say, services_for
from spotistream.package import ARCHIVE, write_package
from spotistream.pipelines import (
    checkpoint_command,
    genre_command,
    models_command,
    recompute_command,
    replay_command,
    status_command,
    tune_command,
)
from spotistream.signals import stop_requested

EXAMPLES = """examples:
  spotistream demo                                      the whole service on generated music and simulated listeners
  spotistream up --audio ~/Music                        the whole service on your own music
  spotistream import-plays history.tsv                  replay a listening history
  spotistream run extract_features --audio ~/Music      one job
  spotistream sample fma_large.zip ~/fma --max-gb 10    a part of a large archive of music
  spotistream plot-track song.mp3                       waveform and spectrogram as a large picture
  spotistream evaluate --train plays.csv                how good the models are, beside their peers
  spotistream models                                    the versions of the model
  spotistream status                                    how the streams are, and what to do
"""

SAMPLE_EXAMPLES = """examples:
  spotistream sample fma_large.zip ~/fma --max-files 2000          2,000 clips, always the same ones
  spotistream sample fma_large.zip ~/fma --max-gb 10               10 GB of them
  spotistream sample fma_large.zip ~/fma --max-files 2000 --per-genre --metadata fma_metadata.zip
                                                                   as many rock as jazz
The same command goes on where it was interrupted, and a higher limit adds to what is there.
"""


ADD_EXAMPLES = """Files are copied into the folder of music; files that are in it already stay where they are.

examples:
  spotistream add song.mp3 another.flac
  spotistream add ~/Downloads/An\\ Album --home ~/spotistream
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    parser = build_parser()
    parsed = parser.parse_args(arguments)
    sys.exit(guarded(lambda: parsed.command(parsed)))


def build_parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    kept = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="spotistream",
        description="Music streaming whose recommendations follow the listener while the music plays.",
        epilog=EXAMPLES,
        formatter_class=kept,
    )
    parser.add_argument("--version", action="version", version=f"spotistream {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="the whole service, with generated music and simulated listeners")
    _add_service_arguments(demo)
    demo.add_argument("--no-simulation", action="store_true", help="no simulated listeners: content alone recommends")
    demo.set_defaults(command=_demo)

    up = commands.add_parser("up", help="the whole service, without demo data and simulation")
    _add_service_arguments(up)
    up.set_defaults(command=_up)

    listed = "\n".join(f"  {job.name:26}{job.summary}" for job in JOBS.values())
    run = commands.add_parser("run", help="run jobs by name", epilog=f"jobs:\n{listed}", formatter_class=kept)
    run.add_argument("names", nargs="+", choices=list(JOBS), metavar="NAME", help="a job; several share one session")
    run.add_argument("--once", action="store_true", help="streaming jobs read what is there now, then end")
    run.add_argument("--only-stale", action="store_true", help="skip batch jobs whose inputs are unchanged")
    run.add_argument("--refit", action="store_true", help="map_tracks: compute the map anew though little has changed")
    run.add_argument(
        "--force", action="store_true", help="train_model: use the model though it is worse, or one is pinned"
    )
    add_common_arguments(run)
    run.set_defaults(command=_run)

    imported = commands.add_parser("import-plays", help="replay a listening history through Kafka")
    imported.add_argument("path", type=Path, metavar="FILE|FOLDER", help="a history, or a folder of histories")
    imported.add_argument("--user", metavar="ID", help="whose history it is (else as the file says)")
    imported.add_argument("--rate", type=float, metavar="N", help="events a second (else as fast as it goes)")
    add_common_arguments(imported)
    imported.set_defaults(command=_import_plays)

    replayed = commands.add_parser(
        "replay-rejected", help="send rejected events through the streams again, after a fix",
        epilog=replay_command.EXAMPLES, formatter_class=kept,
    )  # fmt: skip
    replay_command.add_arguments(replayed)
    replayed.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    replayed.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    replayed.set_defaults(command=_replay_rejected, audio=None, metadata=None)

    sample = commands.add_parser("sample", help="a part of a large ZIP of music, FMA's for one", formatter_class=kept)
    _add_sample_arguments(sample)
    sample.set_defaults(command=_sample)

    add = commands.add_parser(
        "add", help="music into the catalogue of a service, running or not", epilog=ADD_EXAMPLES, formatter_class=kept
    )
    add.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER", help="audio files, or folders of them")
    add.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    add.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    add.set_defaults(command=_add, audio=None, metadata=None)

    plot = commands.add_parser("plot-track", help="waveform and mel spectrogram of a track as a large picture")
    plot.add_argument("what", metavar="TRACK_ID|FILE", help="a track of the catalogue, such as fma:2, or an audio file")
    plot.add_argument("--out", type=Path, metavar="PICTURE", help="a .png or .svg (else the title, in this folder)")
    plot.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    plot.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    plot.set_defaults(command=_plot_track, audio=None, metadata=None)

    package = commands.add_parser("package", help="the package, the jobs and the configuration for a Spark cluster")
    package.add_argument("folder", type=Path, metavar="DIR", help="where to write them: an empty or a new folder")
    package.set_defaults(command=_package)

    evaluate = commands.add_parser(
        "evaluate", help="how good the models are, beside their peers", epilog=evaluation.EXAMPLES, formatter_class=kept
    )
    evaluation.add_arguments(evaluate)
    evaluate.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    evaluate.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    evaluate.set_defaults(command=_evaluate, audio=None, metadata=None)

    genres = commands.add_parser(
        "evaluate-genres", help="how well genres are told from any labelled table of features",
        epilog=genre_command.EXAMPLES, formatter_class=kept,
    )  # fmt: skip
    genre_command.add_arguments(genres)
    genres.set_defaults(command=_evaluate_genres)

    models = commands.add_parser(
        "models", help="versions of the model: list, compare, go back, card",
        epilog=models_command.EXAMPLES, formatter_class=kept,
    )  # fmt: skip
    models_command.add_arguments(models)
    models.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    models.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    models.set_defaults(command=_models)

    status = commands.add_parser(
        "status", help="how the streams are, and what to do", epilog=status_command.EXAMPLES, formatter_class=kept
    )
    status_command.add_arguments(status)
    status.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    status.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    status.set_defaults(command=_status)

    checkpoint = commands.add_parser(
        "checkpoint", help="how far the streams have read: list, explain, reset, migrate",
        epilog=checkpoint_command.EXAMPLES, formatter_class=kept,
    )  # fmt: skip
    checkpoint_command.add_arguments(checkpoint)
    checkpoint.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    checkpoint.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    checkpoint.set_defaults(command=_checkpoint)

    tune = commands.add_parser(
        "tune", help="better settings of the models, for the next training", epilog=tune_command.EXAMPLES,
        formatter_class=kept,
    )  # fmt: skip
    tune_command.add_arguments(tune)
    tune.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    tune.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    tune.set_defaults(command=_tune, audio=None, metadata=None)

    recompute = commands.add_parser(
        "recompute", help="every listener's table again, from Delta plays", epilog=recompute_command.EXAMPLES,
        formatter_class=kept,
    )  # fmt: skip
    recompute_command.add_arguments(recompute)
    recompute.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    recompute.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    recompute.set_defaults(command=_recompute, audio=None, metadata=None)

    rebuild = commands.add_parser("rebuild-store", help="the document store again, from Kafka, Delta and the model")
    rebuild.add_argument("--home", type=Path, metavar="DIR", help="folder of all local data (else SPOTISTREAM_HOME)")
    rebuild.add_argument("--profile", metavar="NAME", help="conf/NAME.toml: local (default) or cluster")
    rebuild.set_defaults(command=_rebuild_store, audio=None, metadata=None)

    simulate = commands.add_parser("simulate", help="simulated listeners keep playing until stopped")
    simulate.add_argument("--rate", type=float, metavar="N", help="events a minute (else as configured)")
    add_common_arguments(simulate)
    simulate.set_defaults(command=_simulate)
    return parser


def _add_service_arguments(parser: argparse.ArgumentParser) -> None:
    add_common_arguments(parser)
    parser.add_argument("--port", type=int, metavar="N", help="port of the player (else 8050)")


def _add_sample_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Extracts audio of a ZIP archive, drawn at random, up to the first limit; all without limits."
    parser.epilog = SAMPLE_EXAMPLES
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="a ZIP archive of music, such as fma_large.zip")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to extract to; what is there is not repeated")
    parser.add_argument("--max-files", type=int, metavar="N", help="at most N files")
    parser.add_argument("--max-gb", type=float, metavar="G", help="at most G times 10^9 bytes, unpacked")
    parser.add_argument("--per-genre", action="store_true", help="as many files of each top genre, as far as there are")
    parser.add_argument(
        "--metadata", type=Path, metavar="PATH",
        help="FMA's fma_metadata.zip, its folder or tracks.csv, for --per-genre (else the one beside ARCHIVE)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another S draws other files (else 0)")


def _demo(arguments: argparse.Namespace) -> None:
    from spotistream.supervisor import serve

    cfg = _on_port(arguments)
    if arguments.no_simulation:
        cfg = replace(cfg, simulation=replace(cfg.simulation, enabled=False))
    serve(cfg, demo=True)


def _up(arguments: argparse.Namespace) -> None:
    from spotistream.supervisor import serve

    cfg = _on_port(arguments)
    serve(replace(cfg, simulation=replace(cfg.simulation, enabled=False)), demo=False)


def _on_port(arguments: argparse.Namespace) -> Config:
    cfg = configured(arguments)
    return replace(cfg, player=replace(cfg.player, port=arguments.port)) if arguments.port is not None else cfg


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


def _import_plays(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import import_plays

    cfg = configured(arguments)
    listens, rejected = import_plays.read_histories(arguments.path, user_id=arguments.user)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg:
        say(import_plays.send(cfg, listens, rejected, rate=arguments.rate, progress=True))


def _replay_rejected(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines.replay_rejected import replay

    since = replay_command.moment(arguments.since)
    cfg = configured(arguments)
    needed = [] if arguments.dry_run else [JOBS["ingest_plays"]]  # as that job, it needs the broker only
    with services_for(cfg, needed) as cfg, running_session(cfg, "replay-rejected") as spark:
        chosen = {name: getattr(arguments, name) for name in ("reason", "again", "dry_run")}
        say(replay(spark, cfg, since=since, **chosen))


def _sample(arguments: argparse.Namespace) -> None:
    from spotistream.catalogue import sampling
    from spotistream.catalogue.fma.source import metadata_beside
    from spotistream.catalogue.fma.top_genres import top_genres
    from spotistream.pipelines.progress import Progress

    genre_of = None
    if arguments.metadata and not arguments.per_genre:
        raise InputError("--metadata", "is for samples balanced by genre", remedy="add --per-genre, or leave it out")
    if arguments.per_genre:
        genre_of = top_genres(arguments.metadata or metadata_beside(arguments.archive))
    limits = sampling.limits(max_files=arguments.max_files, max_gb=arguments.max_gb)
    plan = sampling.plan_sample(arguments.archive, arguments.out, limits=limits, seed=arguments.seed, genre_of=genre_of)
    with stop_requested() as asked, Progress("files", total=len(plan.chosen)) as progress:
        sample = sampling.extract(plan, advance=progress.advance, stopped=asked.is_set)
    for line in sampling.refusal_lines(sample.refusals):
        print(line, file=sys.stderr)
    say(str(sample))
    if sample.interrupted:
        raise KeyboardInterrupt


def _add(arguments: argparse.Namespace) -> None:
    from spotistream.additions import add

    for line in add(configured(arguments), arguments.paths):
        say(line)


def _plot_track(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import plot_track

    out = plot_track.checked_out(arguments.out)
    if plot_track.is_track_id(arguments.what):
        cfg = configured(arguments)
        with services_for(cfg, [JOBS["map_tracks"]]) as cfg:  # as that job, it needs the document store only
            subject = plot_track.subject_of_track(cfg, arguments.what)
    else:
        cfg = load_config(home=arguments.home, profile=arguments.profile)
        subject = plot_track.subject_of_file(Path(arguments.what))
    say(f"{plot_track.draw(subject, out=out, cfg=cfg)}")


def _package(arguments: argparse.Namespace) -> None:
    folder = arguments.folder
    say(f"{write_package(folder)}, with the jobs and the configuration beside it. Next, where the cluster is known:")
    say(f"SPOTISTREAM_CONF={folder / 'conf'} SPOTISTREAM_PROFILE=cluster spark-submit --deploy-mode client")
    say(f"  --master URL --py-files {folder / ARCHIVE} {folder / 'streaming_jobs/all_streams.py'}")


def _evaluate(arguments: argparse.Namespace) -> None:
    evaluation.check(arguments)
    if arguments.train is not None:
        say(evaluation.evaluate_files(arguments))
        return
    from spotistream.pipelines import evaluate_model

    cfg = configured(arguments)
    with services_for(cfg, [JOBS["evaluate_model"]]) as cfg, running_session(cfg, "evaluate_model") as spark:
        say(evaluation.shown(evaluate_model.compared(spark, cfg, evaluation.asked(arguments)), arguments))


def _evaluate_genres(arguments: argparse.Namespace) -> None:
    table = genre_command.table_asked(arguments)
    cfg = genre_command.with_fast_java(load_config(profile=arguments.profile))
    with running_session(cfg, "evaluate-genres") as spark:
        say(genre_command.answered(spark, table, arguments))


def _models(arguments: argparse.Namespace) -> None:
    cfg = load_config(home=arguments.home, profile=arguments.profile)
    say(models_command.answered(Path(cfg.paths.models), arguments))


def _status(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines.status import health

    found = health(load_config(home=arguments.home, profile=arguments.profile))
    say(status_command.shown(found, as_json=arguments.json))
    if not found.is_well:
        raise SystemExit(status_command.NOT_WELL)


def _checkpoint(arguments: argparse.Namespace) -> None:
    text, code = checkpoint_command.answered(load_config(home=arguments.home, profile=arguments.profile), arguments)
    say(text)
    if code:
        raise SystemExit(code)


def _tune(arguments: argparse.Namespace) -> None:
    tune_command.check(arguments)
    cfg = tune_command.quiet(configured(arguments))
    with services_for(cfg, [JOBS["tune_model"]]) as cfg, running_session(cfg, "tune_model") as spark:
        found = tune_command.answered(spark, cfg, arguments)
    say(tune_command.shown(found, as_json=arguments.json))
    if found.interrupted:
        raise KeyboardInterrupt


def _recompute(arguments: argparse.Namespace) -> None:
    recompute_command.offsets(arguments.until)
    cfg = configured(arguments)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, running_session(cfg, "recompute") as spark:
        found = recompute_command.answered(spark, cfg, arguments)
    say(recompute_command.shown(found, as_json=arguments.json))
    if arguments.compare and found.rows_different:
        raise SystemExit(1)


def _rebuild_store(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import rebuild_store

    cfg = configured(arguments)
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, running_session(cfg, "rebuild-store") as spark:
        say(f"rebuilt: {rebuild_store.run(spark, cfg)}")


def _simulate(arguments: argparse.Namespace) -> None:
    from spotistream.pipelines import simulate

    cfg = configured(arguments)
    if arguments.rate is not None:
        cfg = replace(cfg, simulation=replace(cfg.simulation, live_events_per_minute=arguments.rate))
    with services_for(cfg, [JOBS["refresh_recommendations"]]) as cfg, stop_requested() as asked:
        simulate.run_live(cfg, stop=asked)


if __name__ == "__main__":
    main()
