"""How accepted events stand to those of the same id: new, seen before, or another event under a taken id."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from spotistream.tables import PLAYS
from spotistream.transforms.play_events import accepted_plays

NEW, SEEN, OTHER = "new", "seen", "other"
"""How an accepted event stands to those of its id."""
_SAID = tuple(name for name in PLAYS.columns if name != "track_id" and not name.startswith("kafka_"))


def standing_plays(
    decoded: DataFrame, plays: DataFrame, *, first: datetime, last: datetime, repeated: bool = True
) -> DataFrame:
    """The accepted events with the columns of table ``plays`` and ``standing``: NEW, SEEN or OTHER.

    NEW is to be stored; SEEN is the same event as one stored, or one that came before it in the batch; OTHER has the id
    of such an event and says something else. A redelivered event carries the same time, so only the stretch of
    ``plays`` from ``first`` to ``last``, the times of the batch, is looked at. Without ``repeated`` no id is twice in
    the batch, which spares to sort it by id.
    """
    # The track of an imported listen is what the catalogue then knew by its name; the id is of the name.
    said = F.struct(*_SAID, F.when(F.col("source") != "import", F.col("track_id")).alias("track_id"))
    in_order = Window.partitionBy("event_id").orderBy("kafka_partition", "kafka_offset")
    accepted = accepted_plays(decoded).withColumns(
        {
            "_first": F.row_number().over(in_order) == 1 if repeated else F.lit(True),
            "_said_first": F.first(said).over(in_order) if repeated else said,
        }
    )
    stored = stored_plays(plays, first=first, last=last).select("event_id", said.alias("_stored"))
    is_same = said.eqNullSafe(F.coalesce("_stored", "_said_first"))
    standing = F.when(~is_same, OTHER).when(F.col("_first") & F.col("_stored").isNull(), NEW).otherwise(SEEN)
    joined = accepted.join(stored, on="event_id", how="left")
    return joined.withColumn("standing", standing).select(*PLAYS.columns, "standing")


def stored_plays(plays: DataFrame, *, first: datetime, last: datetime) -> DataFrame:
    """Rows of table ``plays`` among which an event of a batch can be found again."""
    return plays.where(F.col("event_time").between(first, last))


def with_taken_ids(decoded: DataFrame, standing: DataFrame) -> DataFrame:
    """``decoded`` with a reason at the events whose id is that of another one."""
    other = standing.where(F.col("standing") == OTHER).select("kafka_partition", "kafka_offset", "standing")
    marked = decoded.join(F.broadcast(other), on=["kafka_partition", "kafka_offset"], how="left")
    reason = F.when(F.col("standing") == OTHER, F.lit("event_id is that of another event"))
    return marked.withColumn("reason", F.coalesce("reason", reason)).drop("standing")
