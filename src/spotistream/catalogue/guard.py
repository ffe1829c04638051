"""A warm child process that analyses files, so that a file which hangs or kills a decoder costs a bounded time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from spotistream.catalogue.outcome import OUTCOME, Settings, Task, rejected

START_SECONDS = 180
CHILD = (sys.executable, "-m", "spotistream.catalogue.analyser")
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")

_ARROW = {
    "STRING": pa.string(), "INT": pa.int32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(),
    "ARRAY<FLOAT>": pa.list_(pa.float32()), "ARRAY<STRING>": pa.list_(pa.string()), "BINARY": pa.binary(),
    "TIMESTAMP": pa.timestamp("us", tz="UTC"),
}  # fmt: skip


class GuardedAnalyser:
    """Analyses files in a child that is kept from file to file, and replaced when it hangs or dies.

    timeout_s : a file that takes longer is rejected, seconds
    command : of the child; a file descriptor is appended
    """

    def __init__(self, settings: Settings, *, timeout_s: float, command: Sequence[str] = CHILD) -> None:
        self._settings, self._timeout_s, self._command = settings, timeout_s, tuple(command)
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._errors: IO[bytes] | None = None

    def analyse(self, task: Task) -> dict[str, Any]:
        """The file's row of OUTCOME, rejected where the child hung or died on it.

        Raises RuntimeError for a bug in the analysis, and for a child that cannot be started.
        """
        connection = self._connection or self._start()
        try:
            connection.send(task)
            if not connection.poll(self._timeout_s):
                self.close()
                reason = f"reading it took longer than {self._timeout_s:g} s; audio.file_timeout_s allows no more"
                return rejected(task, code="timeout", reason=reason)
            row, problem = connection.recv()
        except (EOFError, OSError):
            return rejected(task, code="crashed", reason=f"it crashed the decoder ({self._last_word()})")
        if problem:
            raise RuntimeError(f"analysing {task.path} failed:\n{problem}")
        return row

    def close(self) -> None:
        """End the child; the next file starts another."""
        for stream in (self._connection, self._errors):
            if stream is not None:
                stream.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._connection = self._errors = None

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._connection, self._errors = ours, tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            self._child = subprocess.Popen(
                [*self._command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors,
                pass_fds=[theirs.fileno()], env=environment,
            )  # fmt: skip
        try:
            ours.send((self._settings, self._timeout_s))
            started = ours.poll(START_SECONDS) and ours.recv()
        except (EOFError, OSError):
            started = False
        if not started:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip()[-2000:]
            self.close()
            raise RuntimeError(f"the analyser does not start ({' '.join(self._command)}):\n{said}")
        return ours

    def _last_word(self) -> str:
        """How the child ended: the name of a signal, or its exit code."""
        if self._child is None:
            return "gone"
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self.close()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


@lru_cache(maxsize=1)
def warm_analyser(settings: Settings, timeout_s: float) -> GuardedAnalyser:
    """The analyser of this process, one for all the tasks it works on."""
    return GuardedAnalyser(settings, timeout_s=timeout_s)


def analyse_batches(
    batches: Iterator[pa.RecordBatch], *, settings: Settings, timeout_s: float
) -> Iterator[pa.RecordBatch]:
    """Arrow batches of Task -> batches of OUTCOME, for ``mapInArrow``."""
    analyser = warm_analyser(settings, timeout_s)
    for batch in batches:
        yield _outcomes([analyser.analyse(Task(**task)) for task in batch.to_pylist()])


def analyse_contents(
    batches: Iterator[pa.RecordBatch], *, settings: Settings, timeout_s: float
) -> Iterator[pa.RecordBatch]:
    """The same for batches that bring the bytes of the files along, in column ``content``; one row at a time."""
    analyser = warm_analyser(settings, timeout_s)
    for batch in batches:
        for start in range(batch.num_rows):
            (row,) = batch.slice(start, 1).to_pylist()
            content = row.pop("content")
            with tempfile.TemporaryDirectory(prefix="spotistream-") as folder:
                local = Path(folder) / PurePosixPath(row["path"]).name
                local.write_bytes(content)
                outcome = analyser.analyse(Task(**{**row, "path": str(local)}))
            yield _outcomes([{**outcome, "path": row["path"]}])


def _outcomes(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    schema = pa.schema([(column.name, _ARROW[column.type]) for column in OUTCOME])
    return pa.RecordBatch.from_pylist(rows, schema=schema)
