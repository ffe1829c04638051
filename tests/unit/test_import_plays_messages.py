from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from kafka_fakes import Messages

from spotistream.config import load_config
from spotistream.errors import InputError
from spotistream.events import import_event_id, parse_event
from spotistream.histories.listens import Listen, Rejected
from spotistream.names import artist_id, name_hash
from spotistream.pipelines import import_plays
from spotistream.pipelines.import_plays import (
    checked_entry,
    known_tracks,
    listen_event,
    new_tracks,
    read_histories,
    track_message,
)
from spotistream.tables import SCHEMA_VERSION

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
LISTEN = Listen(1, "ann", datetime(2009, 5, 4, 13, 54, 10, tzinfo=UTC), "Björk", "Jóga")
JOGA = f"lastfm:{name_hash('bjork', 'joga')}"
NOTHING = known_tracks([])
HISTORY = (
    "ann\t2009-05-04T13:54:10Z\t\tBjörk\t\tJóga\n"
    "bob\t2009-05-02T10:00:00Z\t\tMoby\t\tPorcelain\n"
    "broken line\n"
    "ann\t2009-05-01T10:00:00Z\t\tbjork\t\tJoga\n"
)


def run(monkeypatch, tmp_path, *, history=HISTORY, tracks=(), user_id=None):
    path = tmp_path / "history.tsv"
    path.write_text(history)
    messages = Messages()
    monkeypatch.setattr(import_plays, "BulkPublisher", messages)
    monkeypatch.setattr(import_plays, "read_tracks", lambda mongo, *, fields: list(tracks))
    cfg = load_config(home=tmp_path / "home", environ={})
    line = import_plays.run(cfg, path, user_id=user_id, rate=None, progress=False, now=NOW)
    return messages.sent, line


def test_listens_are_sent_oldest_first_after_the_tracks(monkeypatch, tmp_path):
    sent, line = run(monkeypatch, tmp_path)
    assert [(topic, key) for topic, key, _ in sent] == [
        ("tracks", JOGA),
        ("tracks", f"lastfm:{name_hash('Moby', 'Porcelain')}"),
        ("plays", "ann"),
        ("plays", "bob"),
        ("plays", "ann"),
    ]
    times = [value["event_time"] for topic, _, value in sent if topic == "plays"]
    assert times == sorted(times)
    assert line == (
        "3 listens of 2 listeners imported: 2 tracks, 0 in the catalogue, 2 new; 1 entries rejected, "
        f"see {tmp_path / 'home' / 'imports'}"
    )
    rejected = (tmp_path / "home" / "imports" / "history.tsv.rejected").read_text()
    assert rejected == "3\thas 1 fields, not 6\tbroken line\n"


def test_importing_again_sends_the_same_events_and_no_known_track(monkeypatch, tmp_path):
    first, _ = run(monkeypatch, tmp_path)
    known = [{"_id": key, "playable": False} for topic, key, _ in first if topic == "tracks"]
    again, _ = run(monkeypatch, tmp_path, tracks=known)
    assert again == [message for message in first if message[0] == "plays"]


def test_every_message_passes_the_check_on_arrival(monkeypatch, tmp_path):
    sent, _ = run(monkeypatch, tmp_path)
    for topic, key, value in sent:
        if topic == "plays":
            event = parse_event(value, now=NOW)
            assert (event.user_id, event.action, event.source) == (key, "complete", "import")


def test_a_track_of_the_catalogue_is_meant_when_artist_and_title_agree():
    known = known_tracks([{"_id": "file:1", "artist": "BJÖRK", "title": "Joga", "playable": True}])
    event = listen_event(LISTEN, known)
    assert event.track_id == "file:1"
    assert event.event_id == listen_event(LISTEN, NOTHING).event_id == import_event_id("ann", JOGA, LISTEN.played_at)
    assert new_tracks([LISTEN], known) == {}


def test_a_track_that_cannot_be_played_is_not_meant():
    known = known_tracks([{"_id": "file:1", "artist": "Björk", "title": "Jóga", "playable": False}])
    assert listen_event(LISTEN, known).track_id == JOGA


def test_an_unknown_track_is_published_as_not_playable():
    assert track_message(LISTEN) == {
        "schema_version": SCHEMA_VERSION,
        "kind": "track",
        "track_id": JOGA,
        "title": "Jóga",
        "artist_id": artist_id("Björk"),
        "artist": "Björk",
        "album_id": None,
        "album": None,
        "playable": False,
        "feature_spec": None,
        "vector": None,
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"played_at": datetime(1969, 12, 31, tzinfo=UTC)}, "was played before 1970"),
        ({"played_at": NOW + timedelta(hours=1)}, "is played in the future"),
        ({"played_ms": -1}, "was played for -1 ms"),
    ],
)
def test_what_the_service_would_refuse_is_rejected(change, reason):
    rejected = checked_entry(replace(LISTEN, **change), now=NOW)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason


def test_a_chosen_listener_owns_the_plays_of_one(tmp_path):
    path = tmp_path / "one.tsv"
    path.write_text("ann\t2009-05-04T13:54:10Z\t\tBjörk\t\tJóga\n")
    listens, _ = read_histories(path, user_id="me", now=NOW)
    assert [listen.user for listen in listens] == ["me"]


def test_a_folder_is_read_whole_and_a_listen_in_two_files_once(tmp_path):
    (tmp_path / "a.tsv").write_text(HISTORY)
    (tmp_path / "b.tsv").write_text(HISTORY.splitlines(keepends=True)[1])
    (tmp_path / "notes.txt").write_text("nothing to import")
    listens, rejected = read_histories(tmp_path, user_id=None, now=NOW)
    assert [listen.user for listen in listens] == ["ann", "bob", "ann"]
    assert {name: len(entries) for name, entries in rejected.items()} == {"a.tsv": 1, "b.tsv": 0}


def test_a_chosen_listener_does_not_own_the_plays_of_several(tmp_path):
    path = tmp_path / "two.tsv"
    path.write_text(HISTORY)
    with pytest.raises(InputError, match="holds the plays of 2 listeners"):
        read_histories(path, user_id="me", now=NOW)
    with pytest.raises(InputError, match="choose another id"):
        read_histories(path, user_id="not valid!", now=NOW)
