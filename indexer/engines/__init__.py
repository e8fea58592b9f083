"""From a location to an engine: the only place that knows which engines there are."""

from __future__ import annotations

from pathlib import Path

from indexer.engine import Engine


def open_engine(
    location: str | Path, *, language: str = "english", jobs: int = 1
) -> Engine:
    """Open the engine at ``location``, a folder that need not exist yet.

    ``language`` is the Snowball language whose word forms a bare word matches; ``jobs`` is
    how many processes a writer may use.
    """
    from indexer.engines.whoosh import WhooshEngine

    return WhooshEngine(Path(location), language=language, jobs=jobs)
