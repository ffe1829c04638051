"""A real listening history through a real broker and store."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from kafka import KafkaConsumer, TopicPartition

from spotistream.config import load_config
from spotistream.events import parse_event
from spotistream.io.documents import database, replace_documents
from spotistream.launch import ensure_topics
from spotistream.pipelines import import_plays, simulate_past
from spotistream.serving.bulk import BulkPublisher
from spotistream.serving.kafka_client import client_options
from spotistream.tables import PLAYS_TOPIC, TRACKS_COLLECTION, TRACKS_TOPIC

SAMPLE = "listening/lastfm-1k-sample/userid-timestamp-artid-artname-traid-traname.head5000.tsv"
OWNED = {"_id": "file:0123456789abcdef", "artist": "坂本龍一", "title": "Composition 0919 (Live_2009_4_15)"}


@pytest.fixture
def cfg(broker, store, tmp_path):
    """A home and a database of its own on the session's broker and store, with one playable track."""
    loaded = load_config(home=tmp_path, environ={})
    made = replace(
        loaded,
        kafka=replace(loaded.kafka, bootstrap_servers=broker),
        mongo=replace(loaded.mongo, uri=store, database=f"import_{tmp_path.name}"[:60]),
        simulation=replace(loaded.simulation, listeners=20, plays=500, days=10),
    )
    ensure_topics(made)
    put_tracks(made, [{**OWNED, "playable": True, "duration_s": 25.0, "artist_id": "a", "genre": None}])
    return made


def put_tracks(cfg, documents):
    with database(cfg.mongo) as db:
        replace_documents(db, TRACKS_COLLECTION, documents)


def sent_by(cfg, topic, job):
    """The messages that ``job`` adds to the topic: key, decoded value."""
    consumer = KafkaConsumer(**client_options(cfg.kafka))
    partitions = [TopicPartition(topic.name, number) for number in range(cfg.kafka.partitions)]
    consumer.assign(partitions)
    before = consumer.end_offsets(partitions)
    job()
    after = consumer.end_offsets(partitions)
    for partition in partitions:
        consumer.seek(partition, before[partition])
    messages = []
    while any(consumer.position(partition) < after[partition] for partition in partitions):
        for records in consumer.poll(timeout_ms=1000).values():
            messages += [(record.key.decode(), json.loads(record.value)) for record in records]
    consumer.close()
    return messages


def test_a_real_history_arrives_whole_and_in_order(cfg, shared_data):
    lines = []
    plays = sent_by(cfg, PLAYS_TOPIC, lambda: lines.append(import_plays.run(cfg, shared_data / SAMPLE, progress=False)))
    events = [parse_event(value, now=datetime.now(UTC)) for _, value in plays]
    assert lines == [
        "5,000 listens of 2 listeners imported: 1,192 tracks, 1 in the catalogue, 1,191 new; 0 entries rejected"
    ]
    assert len({event.event_id for event in events}) == 5000
    assert {event.action for event in events} == {"complete"}
    assert sum(event.user_id == "user_000001" for event in events) == 4997
    assert sum(event.track_id == OWNED["_id"] for event in events) == 16
    times = [event.event_time for event in events if event.user_id == "user_000001"]
    assert times == sorted(times)


def test_importing_again_changes_nothing(cfg, shared_data):
    def run():
        import_plays.run(cfg, shared_data / SAMPLE, progress=False)

    first, again = sent_by(cfg, PLAYS_TOPIC, run), sent_by(cfg, PLAYS_TOPIC, run)
    assert sorted(value["event_id"] for _, value in first) == sorted(value["event_id"] for _, value in again)


def test_unknown_tracks_are_published_as_not_playable_until_they_are_known(cfg, shared_data):
    def run():
        import_plays.run(cfg, shared_data / SAMPLE, progress=False)

    tracks = dict(sent_by(cfg, TRACKS_TOPIC, run))
    assert len(tracks) == 1191
    assert not any(value["playable"] for value in tracks.values())
    put_tracks(cfg, [{"_id": track_id, "playable": False} for track_id in tracks])
    assert sent_by(cfg, TRACKS_TOPIC, run) == []


def test_the_simulated_past_is_sent_again_with_the_same_ids_after_a_kill(cfg):
    def run():
        simulate_past.simulate_past(cfg, progress=False)

    first = sent_by(cfg, PLAYS_TOPIC, run)
    state = simulate_past.read_state(cfg.home / simulate_past.STATE_FILE)
    simulate_past.write_state(cfg.home / simulate_past.STATE_FILE, replace(state, sent=False))
    again = sent_by(cfg, PLAYS_TOPIC, run)
    assert sum(value["action"] == "play" for _, value in first) == 500
    assert sorted(map(str, first)) == sorted(map(str, again))
    assert sent_by(cfg, PLAYS_TOPIC, run) == []


def test_an_error_while_sending_is_the_one_that_is_raised(cfg):
    with pytest.raises(ZeroDivisionError), BulkPublisher(cfg.kafka) as publisher:
        publisher.send(PLAYS_TOPIC, "ann", b"{}")
        publisher.send(PLAYS_TOPIC, "ann", b"{}" * (1 // 0))
