"""What a declaration of a Delta table, a Kafka topic or a Mongo collection says. The declarations are in tables.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """One column: its Spark SQL type and what it means, units included."""

    name: str
    type: str
    comment: str
    nullable: bool = True

    @property
    def ddl(self) -> str:
        comment = self.comment.replace("'", "\\'")
        return f"`{self.name}` {self.type}{'' if self.nullable else ' NOT NULL'} COMMENT '{comment}'"


@dataclass(frozen=True)
class Table:
    """A Delta table.

    writers : the jobs that write it
    keys : columns that together are unique
    constraints : name -> SQL condition that every row meets; Delta refuses a write that breaks one
    cluster_by : columns that its files are sorted by, so that a query with a condition on them reads few files
    """

    name: str
    comment: str
    writers: tuple[str, ...]
    keys: tuple[str, ...]
    fields: tuple[Column, ...]
    constraints: dict[str, str] = field(default_factory=dict)
    cluster_by: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.fields)

    @property
    def ddl(self) -> str:
        return ", ".join(column.ddl for column in self.fields)


@dataclass(frozen=True)
class Topic:
    """A Kafka topic. ``key`` says what the message key is; the value is JSON in UTF-8, unless the comment says else.

    settings : Kafka's own, beside ``cleanup.policy``, for a topic that this application creates
    """

    name: str
    key: str
    comment: str
    compacted: bool = False
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Collection:
    """A Mongo collection. ``key`` says what ``_id`` is; everything is read by it."""

    name: str
    key: str
    writers: tuple[str, ...]
    comment: str
