"""The index that the settings name, opened for as long as a command needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.settings import Settings, usual_jobs

if TYPE_CHECKING:
    from indexer.engine import Engine


@contextmanager
def open_index(settings: Settings) -> Iterator[Engine]:
    """The engine that the settings name, closed at the end."""
    from indexer.engines import open_engine

    jobs = settings.jobs or usual_jobs()
    engine = open_engine(settings.index, language=settings.language, jobs=jobs)
    try:
        yield engine
    finally:
        engine.close()
