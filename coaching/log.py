"""The log of a server: one JSON object a line on standard error, with ids and kinds, never with what was said."""

from __future__ import annotations

import json
import logging
import sys
import threading
import warnings
from datetime import UTC, datetime

log = logging.getLogger(__name__)

WE = ("coaching", "models", "pipelines", "ui")
"""Whose loggers are ours."""

OURS = {
    *("recording", "run", "attempt", "stage", "try", "seconds", "kind", "worker", "count", "queues", "address"),
    *("detail", "method", "path", "status", "ms", "person", "action", "by"),
}
"""What a line may say beside its event. Everything else that a library attaches is left out."""


class JsonLines(logging.Formatter):
    """Ours: the event and its fields. A library's: who it was and how bad, and no text, for it may quote anything."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name.split(".")[0] in WE:
            line["event"] = record.getMessage()
            line |= {name: value for name, value in vars(record).items() if name in OURS}
        else:
            line |= {"event": "library", "kind": f"{record.module}:{record.lineno}", "library": record.name}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def to_json() -> None:
    """Send every logger's lines to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in WE:
        logging.getLogger(name).setLevel(logging.INFO)
    for library in ("dbos", "alembic"):
        logger = logging.getLogger(library)
        # DBOS adds a handler of its own where it finds none.
        logger.handlers[:], logger.propagate = [handler], False
    threading.excepthook = _thread_broke
    warnings.showwarning = lambda *_: None  # its text may quote anything


def _thread_broke(ended: threading.ExceptHookArgs) -> None:
    """A thread that broke is told of as everything is: its stack would be no JSON, and might quote anything."""
    log.error("thread broke", extra={"kind": ended.exc_type.__name__})
