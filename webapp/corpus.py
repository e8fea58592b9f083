"""What the corpus holds, told once for each generation of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.engine import Engine
from indexer.names import load_names
from indexer.search import (
    FacetCount,
    Hit,
    IndexInfo,
    SearchRequest,
    SearchResults,
    Sort,
)
from indexer.statement import Statement
from indexer.status import Status, read_status

NEWEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The whole of what is searched.

    ``earliest`` and ``latest`` are its first and last dated statements, None where none is dated;
    ``newest`` are some of the latest, for the front page; ``names`` are the sources' own by id,
    of those that have one.
    """

    index: IndexInfo
    earliest: Statement | None
    latest: Statement | None
    newest: tuple[Hit, ...]
    sources: tuple[FacetCount, ...]
    languages: tuple[FacetCount, ...]
    names: Mapping[str, str]

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of a dated statement, None where none is dated."""
        dates = [each.date for each in (self.earliest, self.latest) if each]
        years = [date.year for date in dates if date]
        return (min(years), max(years)) if years else None


class Corpora:
    """The corpus of the generation that answers, looked up again when a new one is published."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: Corpus | None = None

    def of(self, index: IndexInfo) -> Corpus:
        """The corpus that ``index`` describes; two threads may both look it up, to no harm."""
        last = self._last
        if last is None or last.index != index:
            last = self._last = _survey(self._engine)
        return last


class Statuses:
    """The status of the generation that answers, read again when a new one is published."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: Status | None = None

    def current(self) -> Status:
        """The status; two threads may both read it, to no harm."""
        last = self._last
        if last is None or last.index != self._engine.info():
            last = self._last = read_status(self._engine)
        return last


def _survey(engine: Engine) -> Corpus:
    newest = engine.search(
        SearchRequest(
            sort=Sort.NEWEST, limit=NEWEST, snippets=1, facets=("source", "language")
        )
    )
    oldest = engine.search(
        SearchRequest(sort=Sort.OLDEST, limit=1, snippets=0, facets=())
    )
    return Corpus(
        index=newest.index,
        earliest=_first_dated(oldest),
        latest=_first_dated(newest),
        newest=newest.hits,
        sources=newest.facets["source"],
        languages=newest.facets["language"],
        names=load_names(engine),
    )


def _first_dated(results: SearchResults) -> Statement | None:
    first = results.hits[0].statement if results.hits else None
    return first if first and first.date else None
