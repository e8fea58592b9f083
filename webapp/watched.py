"""An engine that tells how long it took to answer, and from which generation it did."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any, cast

from flask import has_request_context, request

from indexer.engine import Engine
from webapp.visits import visit_of

#: What is asked of an engine that goes through a whole result.
ASKED = ("concordance", "hits", "search", "timelines")


def watched(engine: Engine, tell: Callable[[str, float], None]) -> Engine:
    """``engine``, telling of each call in ASKED its name and the seconds it took."""
    return cast(Engine, _Watched(engine, tell))


class _Watched:
    def __init__(self, engine: Engine, tell: Callable[[str, float], None]) -> None:
        self._engine = engine
        self._tell = tell

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._engine, name)
        return self._timed(name, asked) if name in ASKED else asked

    def _timed(self, name: str, asked: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(asked)
        def timed(*args: Any, **options: Any) -> Any:
            started = perf_counter()
            try:
                answer = asked(*args, **options)
            finally:
                self._tell(name, perf_counter() - started)
            _note(answer)
            return answer

        return timed


def _note(answer: Any) -> None:
    """Let the visit that asked know which generation it was."""
    visit = visit_of(request.environ) if has_request_context() else None
    if visit:
        for each in answer[:1] if isinstance(answer, tuple) else (answer,):
            visit.generation = each.index.generation
