"""Until when a search may compute: said at an edge, asked for between the steps of an engine.

It belongs to the context (thread or task) that said it. Where nobody did, there is none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from indexer.errors import SearchTimeout

_ENDS: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)


def limit(seconds: float | None) -> None:
    """From now on what is searched here may take so long; None takes the limit away."""
    _ENDS.set(None if seconds is None else (time.monotonic() + seconds, seconds))


def check() -> None:
    """Raise SearchTimeout where the time is over."""
    ends = _ENDS.get()
    if ends and time.monotonic() > ends[0]:
        raise SearchTimeout(ends[1])


@contextmanager
def waiting() -> Iterator[None]:
    """While another machine is waited for, time does not run: it is bounded by who waits."""
    began = time.monotonic()
    try:
        yield
    finally:
        if ends := _ENDS.get():
            _ENDS.set((ends[0] + time.monotonic() - began, ends[1]))
