"""Each micro-batch of a query once in a Delta table, also when it is written again.

Delta's own way, ``txnAppId`` and ``txnVersion``, replays the table's log at each write, which takes three times as long
as the write. On this machine's disks nobody else can write with the same checkpoint while this process does, so it is
enough to know which batch came last: from this process, or after a start from what stands in the log.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pyspark.sql.readwriter import DataFrameWriter

log = logging.getLogger(__name__)

_last: dict[tuple[str, str], int] = {}
"""Of each table and query the last batch this process has written; not there while one is being written."""


def marked(writer: DataFrameWriter, path: str, *, app_id: str, version: int) -> DataFrameWriter | None:
    """``writer`` with the mark of the batch, or ``None`` where the table at ``path`` has it already.

    Call ``confirm`` once it is written. On other storage than a local disk, where another driver that was thought dead
    may still write, Delta decides.
    """
    last = _last.pop((path, app_id), None)
    sure = is_local(path)
    if last is None and sure:
        last, sure = last_batch(path, app_id)
    if last is not None and version <= last:
        confirm(path, app_id=app_id, version=last)
        log.info("batch %d is in %s already", version, path)
        return None
    writer = writer.option("userMetadata", json.dumps({"query": app_id, "batch": version}))
    return writer if sure else writer.option("txnAppId", app_id).option("txnVersion", str(version))


def confirm(path: str, *, app_id: str, version: int) -> None:
    """The batch is in the table."""
    _last[path, app_id] = version


def is_local(path: str) -> bool:
    return "://" not in path


def last_batch(path: str, app_id: str) -> tuple[int | None, bool]:
    """The last batch of the query in a table on a local disk, ``None`` where there is none; and whether that is sure.

    It is not where no commit tells and old ones were cleaned up.
    """
    commits = {int(file.stem): file for file in (Path(path) / "_delta_log").glob("*.json") if file.stem.isdigit()}
    for number in sorted(commits, reverse=True):
        for query, batch in _marks(commits[number]):
            if query == app_id:
                return batch, True
    return None, 0 in commits


def _marks(commit: Path) -> Iterator[tuple[str, int]]:
    """Query and batch that a commit was of: as ``marked`` writes it, or as Delta does."""
    try:
        lines = commit.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:  # Delta cleans up old ones
        return
    for line in lines:
        if line.startswith('{"txn"'):
            txn = json.loads(line)["txn"]
            yield txn["appId"], txn["version"]
        elif line.startswith('{"commitInfo"'):
            with suppress(ValueError, KeyError, TypeError):  # somebody else's words
                mark = json.loads(json.loads(line)["commitInfo"]["userMetadata"])
                yield str(mark["query"]), int(mark["batch"])
