"""Two queries make one table: what is ranked at once is found right, or put right, by what is certain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from plugins.killable import killable_services
from plugins.small_model import publish_small_model
from pymongo.database import Database

from spotistream.config import Config, load_config
from spotistream.io import documents
from spotistream.models.listener import ListenerEvent, ListenerState, merged, pack
from spotistream.models.listener_changes import ChangedListener, Received, changed_by
from spotistream.pipelines.current_model import CurrentModel
from spotistream.pipelines.listener_tables import ListenerTables
from spotistream.pipelines.store_guard import StoreGuard
from spotistream.pipelines.stored_recommendations import SnapshotTopic, document_of
from spotistream.serving.bulk import BulkPublisher
from spotistream.tables import LISTENER_STATES, RECOMMENDATIONS_COLLECTION

BOUNDS = {"max_events": 200, "max_opinions": 1000}
SENT_MS = 1_777_636_800_000


@dataclass
class Own:
    """A store and a topic, and a listener nobody knows yet."""

    cfg: Config
    db: Database[dict[str, Any]]
    publisher: BulkPublisher
    user_id: str = field(default_factory=lambda: f"ann-{uuid.uuid4()}")

    def tables(self) -> ListenerTables:
        """As an application that was just started."""
        guard = StoreGuard(self.cfg, self.db)
        guard.catch_up()
        return ListenerTables(self.cfg, CurrentModel(self.cfg), self.db, self.publisher, guard)

    def table(self) -> dict[str, Any] | None:
        return self.db[RECOMMENDATIONS_COLLECTION.name].find_one({"_id": self.user_id})

    def state(self) -> dict[str, Any] | None:
        return self.db[LISTENER_STATES.name].find_one({"_id": self.user_id})

    def sent(self) -> list[int]:
        """Versions of the listener's tables in the topic, in order."""
        topic = SnapshotTopic(self.cfg.kafka)
        found = [document_of(value) for value in topic.messages({})]
        topic.close()
        return [each["version"] for each in found if each["_id"] == self.user_id]

    def offered(self) -> set[str]:
        return {item["track_id"] for item in (self.table() or {"recommendations": []})["recommendations"]}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    cfg = load_config(home=tmp_path_factory.mktemp("listener-tables") / "home", environ={})
    with killable_services(cfg) as (found, _):
        publish_small_model(found)
        yield found


@pytest.fixture
def own(services: Config) -> Iterator[Own]:
    with documents.database(services.mongo) as db, BulkPublisher(services.kafka) as publisher:
        yield Own(services, db, publisher)


def message(offset: int, track: int | None = None) -> Received:
    heard = None
    if track is not None:
        at = SENT_MS + 1_000 * offset
        heard = ListenerEvent(at, f"00000000-0000-4000-8000-{offset:012}", f"t:{track:04}", "play")
    return Received(offset, SENT_MS + 1_000 * offset, heard)


def remembered(user_id: str, *messages: Received) -> ChangedListener:
    """As Spark's state has it after these messages."""
    found = changed_by(user_id, None, messages, **BOUNDS)
    assert found is not None
    return found


def test_a_new_listener_has_a_table_at_once_and_it_is_found_right(own: Own) -> None:
    tables = own.tables()
    tables.refresh_at_once("at_once", {own.user_id: [message(3, 1)]})
    first = own.table()
    assert first is not None
    assert (first["version"], first["caused_by"]["track_id"], len(first["recommendations"])) == (3, "t:0001", 50)
    assert own.state() is None

    tables.settle("settle", [remembered(own.user_id, message(3, 1))])
    assert own.table() == first
    assert own.sent() == [3]
    assert own.state() == {"_id": own.user_id, "version": 3, "packed": remembered(own.user_id, message(3, 1)).packed}


def test_each_event_adds_to_what_is_at_hand(own: Own) -> None:
    tables = own.tables()
    for offset in (1, 2, 3):
        tables.refresh_at_once("at_once", {own.user_id: [message(offset, offset)]})
    assert not {"t:0001", "t:0002", "t:0003"} & own.offered()
    tables.settle("settle", [remembered(own.user_id, *(message(offset, offset) for offset in (1, 2, 3)))])
    assert own.sent() == [1, 2, 3]


def test_a_message_that_comes_again_and_a_visit_of_one_known_change_nothing(own: Own) -> None:
    tables = own.tables()
    tables.refresh_at_once("at_once", {own.user_id: [message(5, 1)]})
    tables.refresh_at_once("at_once", {own.user_id: [message(5, 1), message(4, 2)]})
    tables.refresh_at_once("at_once", {own.user_id: [message(6)]})
    assert own.sent() == [5]


def test_an_application_started_anew_goes_on_from_the_store(own: Own) -> None:
    before = own.tables()
    before.settle("settle", [remembered(own.user_id, message(1, 1), message(2, 2))])
    own.tables().refresh_at_once("at_once", {own.user_id: [message(3, 3)]})
    assert own.table()["caused_by"]["track_id"] == "t:0003"
    assert not {"t:0001", "t:0002", "t:0003"} & own.offered()


def test_where_the_table_knows_more_than_the_state_at_hand_it_is_left_to_who_knows_for_certain(own: Own) -> None:
    before = own.tables()
    before.settle("settle", [remembered(own.user_id, message(1, 1))])
    before.refresh_at_once("at_once", {own.user_id: [message(2, 2)]})
    after = own.tables()
    after.refresh_at_once("at_once", {own.user_id: [message(3, 3)]})
    assert own.table()["version"] == 2
    after.settle("settle", [remembered(own.user_id, message(1, 1), message(2, 2), message(3, 3))])
    assert own.table()["version"] == 3
    assert not {"t:0001", "t:0002", "t:0003"} & own.offered()


def test_a_listener_whose_state_the_store_lost_is_not_taken_for_a_new_one(own: Own) -> None:
    own.tables().settle("settle", [remembered(own.user_id, message(1, 1))])
    own.db[LISTENER_STATES.name].delete_one({"_id": own.user_id})
    own.tables().refresh_at_once("at_once", {own.user_id: [message(2, 2)]})
    assert own.table()["version"] == 1


def test_a_table_that_lacks_an_event_is_written_anew_under_its_version(own: Own) -> None:
    tables = own.tables()
    tables.refresh_at_once("at_once", {own.user_id: [message(2, 2)]})
    tables.settle("settle", [remembered(own.user_id, message(1, 1), message(2, 2))])
    assert own.sent() == [2, 2]
    assert not {"t:0001", "t:0002"} & own.offered()
    assert own.state()["packed"] == remembered(own.user_id, message(1, 1), message(2, 2)).packed


def test_who_went_on_meanwhile_keeps_the_newer_table_with_what_was_missing(own: Own) -> None:
    tables = own.tables()
    tables.refresh_at_once("at_once", {own.user_id: [message(5, 5)]})
    tables.settle("settle", [remembered(own.user_id, message(1, 1))])
    assert own.table()["version"] == 5
    assert not {"t:0001", "t:0005"} & own.offered()
    assert own.sent() == [5, 5]
    tables.settle("settle", [remembered(own.user_id, message(1, 1), message(5, 5))])
    assert own.sent() == [5, 5]


def test_more_listeners_than_memory_holds_are_found_in_the_store(own: Own) -> None:
    own.cfg = replace(own.cfg, recommend=replace(own.cfg.recommend, listeners_at_hand=1))
    tables, other = own.tables(), f"bob-{uuid.uuid4()}"
    tables.settle("settle", [remembered(own.user_id, message(1, 1)), remembered(other, message(1, 9))])
    tables.refresh_at_once("at_once", {own.user_id: [message(2, 2)], other: [message(2, 8)]})
    assert own.table()["version"] == 2
    assert not {"t:0001", "t:0002"} & own.offered()


def test_forgetting_takes_effect_at_once(own: Own) -> None:
    tables = own.tables()
    tables.refresh_at_once("at_once", {own.user_id: [message(1, 1), message(2, 2)]})
    played = message(1, 1).event
    assert played is not None
    forget = ListenerEvent(SENT_MS + 9_000, str(uuid.uuid4()), "t:0001", "forget", target_event_id=played.event_id)
    tables.refresh_at_once("at_once", {own.user_id: [Received(3, SENT_MS + 9_000, forget)]})
    state = merged(ListenerState(), [played, message(2, 2).event, forget], **BOUNDS)
    tables.settle("settle", [remembered(own.user_id, message(1, 1), message(2, 2), Received(3, SENT_MS, forget))])
    assert own.table()["caused_by"]["action"] == "forget"
    assert own.sent() == [2, 3]
    assert own.state()["packed"] == pack(state)
