"""From the bytes of topic ``plays`` to accepted events and rejected messages.

``from_json`` turns what it cannot read into a row of nulls, leaves out fields it was not asked for, and takes the
number 7 for the text "7". So every message keeps its bytes and its position until all checks have spoken, and the types
are those that Spark's variant finds. The limits are those of ``spotistream.events``; "now" is the time at which the
broker was given the message, so a batch that is computed again comes out the same.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from spotistream import events
from spotistream.tables import PLAYS, PLAYS_REJECTED

_CORRUPT = "_corrupt"
_NUMBERS = ("schema_version", "played_ms")
_TEXTS = tuple(field.name for field in fields(events.PlayEvent) if field.name not in _NUMBERS)
_EVENT_SCHEMA = ", ".join([*(f"{name} STRING" for name in _TEXTS), "schema_version INT, played_ms BIGINT"])
_EVENT_OR_CORRUPT_SCHEMA = f"{_EVENT_SCHEMA}, {_CORRUPT} STRING"
_SOUND = "_sound"
_TYPES = "_types"
"""What the message consists of, as ``OBJECT<action: STRING, played_ms: BIGINT, ...>``; null where it is no JSON."""
_END = "end of the message"
_POSITION = ("key", "value", "topic", "kafka_partition", "kafka_offset", "kafka_time")
_WRITTEN = {
    "event_id": f'"{events.UUID_PATTERN}"',
    "user_id": f'"{events.USER_ID_PATTERN}"',
    "action": f'"(?:{"|".join(events.ACTIONS)})"',
    "event_time": r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"',
    "source": f'"(?:{"|".join(events.SOURCES)})"',
    "track_id": f'(?:"{events.TRACK_ID_PATTERN}"|null)',
    "played_ms": r"(?:0|[1-9]\d{0,7}|null)",
    **dict.fromkeys(("session_id", "shelf", "model_version"), f'(?:"{events.TOKEN_PATTERN}"|null)'),
    "target_event_id": f'(?:"{events.UUID_PATTERN}"|null)',
    "schema_version": str(events.SCHEMA_VERSION),
}
"""Each field as ``PlayEvent.to_json`` writes it, where there is nothing wrong with it."""
_SOUND_MESSAGE = r"^\{" + ",".join(f'"{each.name}":{_WRITTEN[each.name]}' for each in fields(events.PlayEvent)) + r"\}"
_FIELD = "(?:^OBJECT<|, )"
_NOT_TEXT = rf"{_FIELD}({'|'.join(_TEXTS)}): (?!STRING\b|VOID\b)"
_NOT_WHOLE = rf"{_FIELD}({'|'.join(_NUMBERS)}): (?!BIGINT\b|VOID\b)"
_UNKNOWN = rf"{_FIELD}(?!(?:{'|'.join((*_TEXTS, *_NUMBERS))}): )(`[^`]{{0,60}}`?|\w{{1,60}})"
_TIME_PATTERN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)"


@dataclass(frozen=True)
class Contents:
    """Messages of a batch by outcome, and the time of its first and last accepted event (``None`` without one).

    repeated : an id may be there twice; without, it is not
    """

    accepted: int
    rejected: int
    first: datetime | None
    last: datetime | None
    repeated: bool


def decoded_plays(messages: DataFrame) -> DataFrame:
    """Each message of topic ``plays`` with the event's columns and ``reason``: null where the event is accepted.

    ``messages`` has ``key, value, topic, kafka_partition, kafka_offset, kafka_time``; one row comes out for each.
    """
    text = F.col("value").cast("string")
    sound = F.col(_SOUND)
    readable = F.when(sound | (is_short() & is_readable_text()), text)
    decoded = (
        messages.withColumn(_SOUND, F.coalesce(is_sound(text), F.lit(False)))
        .withColumn("_event", F.from_json(readable, _EVENT_SCHEMA))
        .withColumn(_CORRUPT, F.when(~sound, is_corrupt(readable)))
        .withColumn(_TYPES, F.when(~sound, types_in(readable)))
        .select(*_POSITION, "_event.*", _SOUND, _CORRUPT, _TYPES)
    )
    return (
        decoded.withColumn("_time_text", F.col("event_time"))
        .withColumn(
            "event_time", F.when(sound | is_iso_time("_time_text"), F.expr("try_cast(_time_text AS TIMESTAMP)"))
        )
        .withColumn("reason", F.when(sound, F.coalesce(*_wrong_among_fields())).otherwise(rejection_reason()))
        .drop("_time_text", _CORRUPT, _TYPES, _SOUND)
    )


def rejected_plays(decoded: DataFrame) -> DataFrame:
    """The messages that are no events, with the columns of table ``plays_rejected``."""
    return decoded.where(F.col("reason").isNotNull()).select(*PLAYS_REJECTED.columns)


def accepted_plays(decoded: DataFrame) -> DataFrame:
    """The messages that are events, with the columns of table ``plays``."""
    return decoded.where(F.col("reason").isNull()).select(*PLAYS.columns)


def without_bytes_of_accepted(decoded: DataFrame) -> DataFrame:
    """``decoded`` with key and value of rejected messages only: what is left takes half the room in memory."""
    rejected = F.col("reason").isNotNull()
    return decoded.withColumns({name: F.when(rejected, F.col(name)) for name in ("key", "value")})


def contents(decoded: DataFrame) -> Contents:
    """What a batch holds, in one pass over it."""
    accepted = F.col("reason").isNull()
    row = decoded.agg(
        F.count_if(accepted).alias("accepted"),
        F.count_if(~accepted).alias("rejected"),
        F.min(F.when(accepted, F.col("event_time"))).alias("first"),
        F.max(F.when(accepted, F.col("event_time"))).alias("last"),
        F.count_distinct(F.when(accepted, F.xxhash64("event_id"))).alias("ids"),
    ).collect()[0]
    return Contents(row["accepted"], row["rejected"], row["first"], row["last"], row["ids"] < row["accepted"])


def rejection_reason() -> Column:
    """The first check that fails, in words; null where all hold."""
    return F.coalesce(
        F.when(F.col("value").isNull(), F.lit("the message is empty")),
        F.when(~is_short(), F.lit(f"longer than {events.MAX_EVENT_BYTES} bytes")),
        F.when(~is_readable_text(), F.lit("not UTF-8 text")),
        F.when(~is_object(), F.lit("not one JSON object that names each field once")),
        _if_named(_NOT_TEXT, "is not text"),
        _if_named(_NOT_WHOLE, "is not a whole number"),
        _if_named(_UNKNOWN, "is not a field of an event"),
        F.when(F.col(_CORRUPT), F.lit("not a JSON object with the types of an event")),
        F.when(~F.col("schema_version").eqNullSafe(events.SCHEMA_VERSION), F.lit("unknown schema_version")),
        _unless("event_id", is_whole("event_id", events.UUID_PATTERN), "is not a lower-case UUID"),
        _unless("user_id", is_whole("user_id", events.USER_ID_PATTERN), f"does not match {events.USER_ID_PATTERN}"),
        _unless("action", F.col("action").isin(*events.ACTIONS), "is not a known action"),
        _unless("source", F.col("source").isin(*events.SOURCES), "is not a known source"),
        F.when((F.col("action") != "visit") & F.col("track_id").isNull(), F.lit("track_id is missing")),
        _unless_given("track_id", events.TRACK_ID_PATTERN),
        *[_unless_given(name, events.TOKEN_PATTERN) for name in ("session_id", "shelf", "model_version")],
        F.when((F.col("action") == "forget") & F.col("target_event_id").isNull(), F.lit("target_event_id is missing")),
        _unless_given("target_event_id", events.UUID_PATTERN),
        *_wrong_values(),
    )


def _wrong_among_fields() -> list[Column]:
    """What can still be wrong with a message whose fields are all well-formed."""
    return [
        F.when((F.col("action") != "visit") & F.col("track_id").isNull(), F.lit("track_id is missing")),
        F.when((F.col("action") == "forget") & F.col("target_event_id").isNull(), F.lit("target_event_id is missing")),
        *_wrong_values(),
    ]


def _wrong_values() -> list[Column]:
    return [
        F.when(~F.col("played_ms").between(0, events.MAX_PLAYED_MS), F.lit("played_ms is impossible")),
        F.when(F.col("_time_text").isNull(), F.lit("event_time is missing")),
        F.when(F.col("event_time").isNull(), F.lit("event_time is not an ISO 8601 time with a zone")),
        F.when(F.col("event_time") < F.timestamp_seconds(F.lit(0)), F.lit("event_time is before 1970")),
        F.when(is_in_future(), F.lit("event_time is in the future")),
    ]


def is_short() -> Column:
    """The message is not longer than an event may be."""
    return F.length("value") <= events.MAX_EVENT_BYTES


def types_in(text: Column) -> Column:
    """What the JSON in ``text`` consists of, by Spark's names for types; null where it is not JSON from end to end.

    Spark reads JSON up to where a value ends and ignores what follows, so the text is read with something after it.
    """
    framed = F.try_parse_json(F.concat(F.lit("["), text, F.lit(f',"{_END}"]')))
    whole = F.try_variant_get(framed, "$[1]", "string") == _END
    return F.when(whole, F.schema_of_variant(F.try_variant_get(framed, "$[0]", "variant")))


def is_corrupt(text: Column) -> Column:
    """Spark cannot read an event from the text."""
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _CORRUPT}
    return F.from_json(text, _EVENT_OR_CORRUPT_SCHEMA, options)[_CORRUPT].isNotNull()


def is_sound(text: Column) -> Column:
    """The message is as ``PlayEvent.to_json`` writes it, and each field for itself as it must be.

    One look at the text instead of one for each check: most messages are our own.
    """
    return is_short() & text.rlike(_SOUND_MESSAGE + r"(?![\s\S])")


def is_object() -> Column:
    """The message is one JSON object that names each field once."""
    return F.coalesce(F.col(_TYPES).startswith("OBJECT<"), F.lit(False))


def is_readable_text() -> Column:
    """The bytes of the message are UTF-8 without NUL."""
    return F.is_valid_utf8(F.col("value").cast("string")) & (F.instr(F.col("value").cast("string"), "\u0000") == 0)


def is_iso_time(column: str) -> Column:
    """A full ISO 8601 time with a zone; Spark's own cast would also take ``2026`` or ``10:00``."""
    return is_whole(column, _TIME_PATTERN)


def is_whole(column: str, pattern: str) -> Column:
    """The whole value matches; Java's ``$`` would let a trailing newline pass."""
    return F.col(column).rlike(rf"^(?:{pattern})(?![\s\S])")


def is_in_future() -> Column:
    """Later than the broker was given it, by more than clocks differ."""
    allowed = f"INTERVAL {int(events.MAX_CLOCK_AHEAD.total_seconds())} SECONDS"
    return F.col("event_time") > F.col("kafka_time") + F.expr(allowed)


def _if_named(pattern: str, problem: str) -> Column:
    """What is wrong with the first field that ``pattern`` finds among the types."""
    return F.when(F.col(_TYPES).rlike(pattern), F.concat(F.regexp_extract(_TYPES, pattern, 1), F.lit(f" {problem}")))


def _unless(name: str, holds: Column, problem: str) -> Column:
    missing = F.when(F.col(name).isNull(), F.lit(f"{name} is missing"))
    return F.coalesce(missing, F.when(~holds, F.lit(f"{name} {problem}")))


def _unless_given(name: str, pattern: str) -> Column:
    return F.when(~is_whole(name, pattern), F.lit(f"{name} does not match {pattern}"))
