"""What to think of a streaming query, and what an operator should do about it, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from spotistream.config import Monitoring
from spotistream.monitoring.figures import FAILED, STOPPED, QueryFigures

RUNNING, BEHIND, STALLED, FAILED_VERDICT, NOT_RUNNING = "running", "behind", "stalled", "failed", "not running"


@dataclass(frozen=True)
class Verdict:
    """A word, and what to do; nothing where all is well."""

    word: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        return self.word == RUNNING


@dataclass(frozen=True)
class Surroundings:
    """What else is known.

    alive : the query's process runs
    lag : messages behind, as the broker has it now
    log : where its application logs
    supervised : a service runs on this home and starts again what ends
    """

    now: float
    alive: bool
    lag: int | None
    log: str
    broker_answers: bool = True
    store_answers: bool = True
    supervised: bool = False


def verdict(figures: QueryFigures | None, around: Surroundings, limits: Monitoring) -> Verdict:
    """The verdict on a query; ``figures`` are the last it published, ``None`` where it never did."""
    if figures is None:
        return Verdict(NOT_RUNNING, "it has never run here: start the service (spotistream up), or its job")
    if figures.state == FAILED:
        return Verdict(FAILED_VERDICT, _after_failure(figures, around))
    if not around.alive or figures.state == STOPPED:
        return Verdict(NOT_RUNNING, _after_end(figures, around))
    silent = around.now - figures.seen_at
    if silent > limits.stalled_seconds:
        return Verdict(STALLED, _when_stalled(silent, around))
    needed = seconds_to_catch_up(figures, around.lag)
    if needed is not None and needed > limits.behind_seconds:
        return Verdict(BEHIND, _when_behind(figures, around.lag or 0, needed))
    return Verdict(RUNNING)


def seconds_to_catch_up(figures: QueryFigures, lag: int | None) -> float | None:
    """How long the lag takes at the pace of the last batch; None where lag or pace are not known."""
    if not lag or not figures.processed_rows_per_s:
        return 0.0 if lag == 0 else None
    return lag / figures.processed_rows_per_s


def _after_failure(figures: QueryFigures, around: Surroundings) -> str:
    if not around.broker_answers:
        return f"{figures.error}. The broker does not answer: start it; the query goes on from its checkpoint"
    if not around.store_answers:
        return f"{figures.error}. The document store does not answer: start it; the query goes on from its checkpoint"
    again = "the service starts it again" if around.supervised else "start it again; it goes on from its checkpoint"
    return (
        f"{figures.error}. Remove the cause, and {again}. "
        f"Where that is the cause: spotistream checkpoint explain {figures.query}. The whole story: {around.log}"
    )


def _after_end(figures: QueryFigures, around: Surroundings) -> str:
    if around.supervised:
        return f"the service is starting it again; where that does not help: {around.log}"
    how = "it was stopped" if figures.state == STOPPED else "its process is gone and said nothing: it was killed"
    return f"{how}; start the service (spotistream up), or its job: it goes on where it was"


def _when_stalled(silent: float, around: Surroundings) -> str:
    told = f"no batch has ended for {duration(silent)}"
    if not around.broker_answers:
        return f"{told}: the broker does not answer. Start it; the query then goes on by itself"
    if not around.store_answers:
        return f"{told}: the document store does not answer. Start it; the query then goes on by itself"
    return f"{told}: see {around.log}; where it does not go on, stop the application and start it again"


def _when_behind(figures: QueryFigures, lag: int, needed: float) -> str:
    told = f"{lag:,} messages behind, {duration(needed)} of work"
    if (
        figures.input_rows_per_s
        and figures.processed_rows_per_s
        and (figures.input_rows_per_s > figures.processed_rows_per_s)
    ):
        return f"{told}, and more comes in than it works off: give Spark more cores, or add executors"
    return f"{told}: it is catching up; wait, or give Spark more cores"


def duration(seconds: float) -> str:
    """Rounded, in the largest unit that fits: ``45 s``, ``12 min``, ``3 h``."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
