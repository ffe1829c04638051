"""Whether a query can go on from its checkpoint, and what reading again means, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from spotistream.monitoring.figures import Offset
from spotistream.pipelines.checkpoints import Checkpoint

FINE, NOTE, BROKEN = "fine", "note", "broken"
PARTITIONS_SETTING = "spark.sql.shuffle.partitions"
PROVIDER_SETTING = "spark.sql.streaming.stateStore.providerClass"

READ_AGAIN: Mapping[str, str] = {
    "ingest_plays": "events that Delta plays has already are left out: each stays there once; messages that are no "
    "events get a second row in plays_rejected",
    "ingest_tracks": "tracks, artists, albums and genres are replaced by what they are; messages that are none get a "
    "second row in track_messages_rejected",
    "refresh_recommendations": "what is remembered of each listener is computed anew from all their events, and so is "
    "their table: the same one, under the model in use. Until then listeners keep the table they have",
    "refresh_at_once": "nothing is: it begins where its topic ends, what came before is refresh_recommendations' work",
    "archive_recommendations": "snapshots that Delta recommendations has already are left out",
    "trending_tracks": "windows that Delta trending_tracks has already are left out",
}
"""What becomes of each query's results when it reads its topics from the beginning."""


@dataclass(frozen=True)
class Finding:
    """``level`` is fine, note (it goes on, but) or broken (it does not go on)."""

    level: str
    text: str


@dataclass(frozen=True)
class Configured:
    """What the query would be started with now. ``state_fields`` is None where they are not known."""

    partitions: int
    provider: str
    state_fields: tuple[str, ...] | None = None


Ends = Mapping[str, Mapping[int, tuple[int, int]]]
"""Topic -> partition -> offset of its first message, and that after its last."""


def findings(checkpoint: Checkpoint, now: Configured, ends: Ends | None) -> list[Finding]:
    """What matters of a checkpoint; ``ends`` is ``None`` where the broker does not answer."""
    if checkpoint.problem is not None:
        return [Finding(BROKEN, f"{checkpoint.problem}: reset it")]
    if checkpoint.batch is None:
        return [Finding(FINE, "no batch was begun yet: it begins at the beginning of its topics")]
    found = [*_of_state(checkpoint, now), *_of_topics(checkpoint.offsets, ends)]
    if checkpoint.committed is None or checkpoint.committed < checkpoint.batch:
        found.append(Finding(FINE, f"batch {checkpoint.batch} was begun and not finished: the next start repeats it"))
    return found or [Finding(FINE, "the query goes on from here")]


def _of_state(checkpoint: Checkpoint, now: Configured) -> list[Finding]:
    if not checkpoint.operators:
        return []
    found = []
    kept = state_partitions(checkpoint)
    if kept is not None and kept != now.partitions:
        found.append(
            Finding(
                NOTE,
                f"its state has {kept} partitions and spark.shuffle_partitions is {now.partitions}: it goes on with "
                f"{kept}; to change that: spotistream checkpoint migrate {checkpoint.query}",
            )
        )
    provider = checkpoint.settings.get(PROVIDER_SETTING, now.provider)
    if provider != now.provider:
        old, new = (name.rpartition(".")[2] for name in (provider, now.provider))
        found.append(Finding(BROKEN, f"its state was written by {old} and would be read by {new}: reset it"))
    if now.state_fields is not None and checkpoint.state_fields and checkpoint.state_fields != now.state_fields:
        old, new = ", ".join(checkpoint.state_fields), ", ".join(now.state_fields)
        found.append(Finding(BROKEN, f"its state holds {old}, this version keeps {new}: reset it"))
    return found


def state_partitions(checkpoint: Checkpoint) -> int | None:
    """How many partitions its state has; ``None`` where it keeps none."""
    if not checkpoint.operators:
        return None
    noted = checkpoint.settings.get(PARTITIONS_SETTING)
    return checkpoint.state_partitions or (int(noted) if noted else None)


def _of_topics(offsets: tuple[Offset, ...], ends: Ends | None) -> list[Finding]:
    if ends is None:
        return [Finding(NOTE, "the broker does not answer, so its topics were not looked at")]
    found = []
    for topic in sorted({topic for topic, _, _ in offsets}):
        if topic not in ends:
            found.append(Finding(BROKEN, f"topic {topic} is gone: make it again and reset the checkpoint"))
            continue
        known = {partition for name, partition, _ in offsets if name == topic}
        if added := sorted(set(ends[topic]) - known):
            found.append(Finding(NOTE, f"topic {topic} has more partitions: {added} are read from their beginning"))
    for topic, partition, offset in offsets:
        if topic in ends:
            found += _of_position(topic, partition, offset, ends[topic].get(partition))
    return found


def _of_position(topic: str, partition: int, offset: int, there: tuple[int, int] | None) -> list[Finding]:
    if there is None:
        return [Finding(BROKEN, f"partition {partition} of topic {topic} is gone: reset the checkpoint")]
    first, end = there
    if offset > end:
        text = (
            f"it has read partition {partition} of topic {topic} up to {offset}, which ends at {end}: the topic was "
            "made anew since; reset the checkpoint"
        )
        return [Finding(BROKEN, text)]
    if offset < first:
        text = (
            f"messages {offset} to {first - 1} of partition {partition} of topic {topic} were removed before they were "
            "read: they are lost to this query; reset the checkpoint, and let the broker keep messages for longer"
        )
        return [Finding(BROKEN, text)]
    return []


def to_be_read_again(checkpoint: Checkpoint, ends: Ends | None) -> list[str]:
    """What a reset means, line by line."""
    lines = []
    if ends is None:
        lines.append("how much is read again is not known: the broker does not answer")
    else:
        for topic in checkpoint.topics:
            count = sum(end - first for first, end in ends.get(topic, {}).values())
            lines.append(f"topic {topic} is read again from its beginning: up to {count:,} messages")
    lines.append(READ_AGAIN.get(checkpoint.query, "its results are computed anew"))
    if checkpoint.operators:
        lines.append("its state is computed anew")
    return lines
