"""How every process logs: lines to read, or one JSON object a line for a collector of logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from spotistream.config import Log

TEXT, JSON = "text", "json"
_TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET = {"py4j": logging.ERROR, "pymongo": logging.ERROR, "openTSNE": logging.ERROR, "kafka": logging.CRITICAL}
"""Libraries that repeat themselves; what matters of theirs we say once."""


class JsonFormatter(logging.Formatter):
    """``time`` (ISO 8601, UTC), ``level``, ``logger``, ``message``, ``process``, and ``exception`` where there is one.

    The keys are those of conf/log4j2-json.properties, so that Python and the JVM write alike.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def set_up(log: Log) -> None:
    """Log to standard error from here on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log.format == JSON else logging.Formatter(_TEXT_FORMAT))
    logging.basicConfig(level=log.level, handlers=[handler])
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
