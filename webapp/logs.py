"""What the server says to those who run it: lines of text or of JSON, on standard error."""

from __future__ import annotations

import datetime
import json
import logging
import logging.config
from typing import Any

from webapp.visits import REQUEST_ID

FORMS = ("text", "json")

#: Whatever a stranger sends stays on the line: control characters are written as their escapes.
_CONTROLS = {
    code: repr(chr(code))[1:-1]
    for code in (*range(32), *range(127, 160), 0x2028, 0x2029)
}


def logging_config(form: str) -> dict[str, Any]:
    """What ``logging.config.dictConfig`` takes; gunicorn's own lines look the same.

    ``form`` is one of FORMS.
    """
    formatter = {"text": TextFormatter, "json": JsonFormatter}[form]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines"}
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "ERROR", "handlers": [], "propagate": True},
        },
    }


def configure(form: str) -> None:
    """Have this process log so."""
    logging.config.dictConfig(logging_config(form))


class TextFormatter(logging.Formatter):
    """Time in UTC, level, logger, what happened, and the request's id; a traceback goes below."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback where there is one."""
        told = record.getMessage().translate(_CONTROLS)
        if request_id := REQUEST_ID.get():
            told = f"{told} request={request_id}"
        line = f"{_moment(record)} {record.levelname} {record.name}: {told}"
        return f"{line}\n{trace}" if (trace := _traceback(self, record)) else line


class JsonFormatter(logging.Formatter):
    """An object a line: ``time``, ``level``, ``logger``, then ``message`` or the fields of a visit,
    ``request_id`` and ``exception``, a whole traceback, where there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in it."""
        fields: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
        }
        fields |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if request_id := REQUEST_ID.get():
            fields["request_id"] = request_id
        if trace := _traceback(self, record):
            fields["exception"] = trace
        return json.dumps(fields, ensure_ascii=True, default=str)


def _moment(record: logging.LogRecord) -> str:
    moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
    return moment.isoformat(timespec="milliseconds")


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""
