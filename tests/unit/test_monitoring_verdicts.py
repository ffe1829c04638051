"""Verdicts on queries and the words an operator reads. No JVM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spotistream.config import Monitoring
from spotistream.monitoring.figures import FAILED, RUNNING, STOPPED, QueryFigures
from spotistream.monitoring.published import Published
from spotistream.monitoring.verdicts import Surroundings, Verdict, duration, seconds_to_catch_up, verdict
from spotistream.pipelines.status import Health, Part, QueryHealth
from spotistream.pipelines.status_command import as_text

LIMITS = Monitoring(host="127.0.0.1", port=0, publish_seconds=2.0, stalled_seconds=120.0, behind_seconds=60.0)
FIGURES = QueryFigures(
    "ingest_plays",
    state=RUNNING,
    seen_at=1000.0,
    input_rows_per_s=30.0,
    processed_rows_per_s=100.0,
    batch_s=0.5,
    state_partitions=2,
    state_rows=1234,
    state_bytes=2_500_000,
    rejected=7,
    latency_p50_s=0.2,
    latency_p95_s=0.4,
)
AROUND = Surroundings(now=1010.0, alive=True, lag=0, log="streams.log")


@pytest.mark.parametrize(
    ("figures", "around", "word", "said"),
    [
        (None, AROUND, "not running", "has never run here"),
        (FIGURES, AROUND, "running", ""),
        (FIGURES, replace(AROUND, lag=6000), "running", ""),
        (FIGURES, replace(AROUND, lag=6001), "behind", "6,001 messages behind, 60 s of work: it is catching up"),
        (
            replace(FIGURES, input_rows_per_s=101.0),
            replace(AROUND, lag=36_000),
            "behind",
            "36,000 messages behind, 6 min of work, and more comes in than it works off",
        ),
        (replace(FIGURES, processed_rows_per_s=None), replace(AROUND, lag=10**6), "running", ""),
        (FIGURES, replace(AROUND, now=1120.0), "running", ""),
        (FIGURES, replace(AROUND, now=1121.0), "stalled", "no batch has ended for 2 min: see streams.log"),
        (FIGURES, replace(AROUND, now=1200.0, broker_answers=False), "stalled", "the broker does not answer"),
        (FIGURES, replace(AROUND, now=1200.0, store_answers=False), "stalled", "the document store does not answer"),
        (FIGURES, replace(AROUND, alive=False), "not running", "it was killed; start the service"),
        (replace(FIGURES, state=STOPPED), AROUND, "not running", "it was stopped; start the service"),
        (replace(FIGURES, state=FAILED, error="boom"), AROUND, "failed", "boom. Remove the cause, and start it"),
        (FIGURES, replace(AROUND, alive=False, supervised=True), "not running", "the service is starting it again"),
        (
            replace(FIGURES, state=FAILED, error="boom"),
            replace(AROUND, alive=False, broker_answers=False),
            "failed",
            "boom. The broker does not answer: start it",
        ),
    ],
)
def test_each_situation_has_its_verdict(
    figures: QueryFigures | None, around: Surroundings, word: str, said: str
) -> None:
    found = verdict(figures, around, LIMITS)
    assert found.word == word
    assert said in found.advice
    assert found.is_well == (word == "running")
    assert bool(found.advice) == (not found.is_well)


def test_what_is_behind_takes_as_long_as_the_pace_says() -> None:
    assert seconds_to_catch_up(FIGURES, 250) == 2.5
    assert seconds_to_catch_up(FIGURES, 0) == 0.0
    assert seconds_to_catch_up(FIGURES, None) is None


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h")])
def test_durations_are_said_in_the_largest_unit(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def health(word: str, advice: str, *, service: int | None = 42) -> Health:
    published = Published(FIGURES, "all_streams", "here", 43, alive=True)
    return Health(
        home=Path("/music"),
        at=1010.0,
        service=service,
        broker=Part("127.0.0.1:9092", answers=True),
        store=Part("mongodb://127.0.0.1:27017", answers=True),
        model="m1",
        pinned=True,
        queries=(QueryHealth("ingest_plays", Verdict(word, advice), published, 12),),
    )


def test_all_is_well_is_said() -> None:
    assert as_text(health("running", "")).splitlines() == [
        "service   process 42",
        "broker    127.0.0.1:9092 answers",
        "store     mongodb://127.0.0.1:27017 answers",
        "model     m1 (pinned)",
        "",
        "query         verdict  behind  in/s  done/s  batch   latency      state           rejected  seen",
        "ingest_plays  running  12      30.0  100.0   0.50 s  0.20/0.40 s  1,234 (2.5 MB)  7         10 s ago",
        "",
        "all is well",
    ]


def test_what_ended_a_query_before_is_shown() -> None:
    found = health("running", "")
    (query,) = found.queries
    assert query.published is not None
    figures = replace(FIGURES, error="boom", error_at=410.0)
    again = replace(query, published=replace(query.published, figures=figures))
    assert as_text(replace(found, queries=(again,))).splitlines()[-5:] == [
        "",
        "last errors, of queries that were started again since",
        "- ingest_plays, 10 min ago: boom",
        "",
        "all is well",
    ]


def test_what_to_do_is_said_last() -> None:
    assert as_text(health("behind", "wait")).splitlines()[-2:] == ["what to do", "- ingest_plays: wait"]


def test_parts_that_were_started_again_are_shown() -> None:
    found = replace(health("running", ""), restarts={"the streams": 2})
    assert "restarts  the streams: 2" in as_text(found).splitlines()
    assert found.as_dict()["service"] == {"running": True, "pid": 42, "restarts": {"the streams": 2}}


def test_a_service_brings_its_own_broker_back() -> None:
    found = replace(health("running", ""), broker=Part("", answers=False))
    assert as_text(found).splitlines()[-1].startswith("- broker: the service is starting it again")


def test_nothing_runs_is_said_first() -> None:
    found = as_text(health("not running", "start it", service=None)).splitlines()
    assert found[0] == "nothing runs on the home /music"
    assert found[-1] == "- start the service: spotistream up, or spotistream demo"


def test_a_missing_store_or_model_is_not_well() -> None:
    well = health("running", "")
    assert well.is_well
    away = replace(well, store=Part("mongodb://127.0.0.1:1", answers=False), model=None)
    assert not away.is_well
    assert as_text(away).splitlines()[-2:] == [
        "- store: start it, or change the setting mongo.uri; nothing is lost meanwhile",
        "- model: run spotistream run train_model",
    ]
