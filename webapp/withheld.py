"""Tracebacks for the log that say where it happened, and not what somebody searched for."""

from __future__ import annotations

import logging

_WITHHELD = "[withheld: it may say what was searched]"


def withhold(record: logging.LogRecord) -> bool:
    """A filter: the errors of a traceback keep their types and lines, and lose their words."""
    if record.exc_info and record.exc_info[1]:
        error = _without_words(record.exc_info[1])
        record.exc_info = (type(error), error, error.__traceback__)
    return True


def _without_words(error: BaseException) -> BaseException:
    kind = type(error)
    attributes = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    bare: Exception = type(kind.__name__, (Exception,), attributes)(_WITHHELD)
    bare.__traceback__ = error.__traceback__
    if error.__cause__:
        bare.__cause__ = _without_words(error.__cause__)
    elif error.__context__ and not error.__suppress_context__:
        bare.__context__ = _without_words(error.__context__)
    return bare
