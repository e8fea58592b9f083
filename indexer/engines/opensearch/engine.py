"""The OpenSearch engine: a cluster behind the promises of ``indexer.engine``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from indexer.concordance import Concordance, LineSort
from indexer.engines.opensearch.connection import Connection, Gone
from indexer.engines.opensearch.generations import Generations
from indexer.engines.opensearch.location import Location
from indexer.engines.opensearch.lock import Lock
from indexer.engines.opensearch.searcher import Searcher
from indexer.engines.opensearch.writer import ClusterWriter
from indexer.errors import EngineUnavailable, IndexMissing
from indexer.periods import Period
from indexer.query import Query
from indexer.search import AllHits, IndexInfo, Marked, SearchRequest, SearchResults
from indexer.statement import Statement
from indexer.timeline import Timeline

_Answer = TypeVar("_Answer")

# A generation may be taken away while it is asked, if two others are published meanwhile.
_TRIES = 3


class OpenSearchEngine:
    """An index in a cluster. ``language`` is the Snowball language of the stems.

    Beside what every engine raises, EngineUnavailable where the cluster does not answer.
    """

    def __init__(self, location: Location, language: str = "english") -> None:
        self._connection = Connection(location)
        self._generations = Generations(self._connection)
        self._language = language
        self._opening = threading.Lock()
        self._opened: Searcher | None = None

    def _searcher(self) -> Searcher:
        """The current generation's searcher, made anew only when the name has moved."""
        index = self._generations.current_index()
        opened = self._opened
        if opened is None or opened.generation.index != index:
            with self._opening:
                opened = self._opened
                if opened is None or opened.generation.index != index:
                    generation = self._generations.open(index)
                    generation.check(self._language)
                    opened = Searcher(
                        self._connection,
                        self._generations.registry,
                        generation,
                        self._language,
                    )
                    self._opened = opened
        return opened

    def _ask(self, question: Callable[[Searcher], _Answer]) -> _Answer:
        """The answer of the current generation; of the next one if it goes meanwhile."""
        for _ in range(_TRIES):
            try:
                return question(self._searcher())
            except Gone:
                continue
        raise EngineUnavailable(
            f"The index in the cluster at {self._connection.location} was replaced again and again "
            "while it was asked: try again."
        )

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        return self._ask(lambda searcher: searcher.search(request))

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit of a search, in its order and of one generation."""
        return self._ask(lambda searcher: searcher.hits(request))

    def tokens(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        """The facets of a search, counted in tokens."""
        return self._ask(lambda searcher: searcher.tokens(request))

    def timelines(
        self,
        requests: Sequence[SearchRequest],
        *,
        period: Period,
        by: str | None = None,
    ) -> tuple[Timeline, ...]:
        """The whole result of each search by period, all of one generation."""
        return self._ask(
            lambda searcher: tuple(
                searcher.timeline(each, period, by) for each in requests
            )
        )

    def concordance(
        self,
        request: SearchRequest,
        *,
        sort: LineSort = LineSort.RIGHT1,
        offset: int = 0,
        limit: int | None = None,
    ) -> Concordance:
        """Every occurrence in the whole result on a line, all of one generation."""
        return self._ask(
            lambda searcher: searcher.concordance(request, sort, offset, limit)
        )

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement, or None."""
        return self._ask(lambda searcher: searcher.get(statement_id))

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """The statement's title and text with every match marked, or None."""
        return self._ask(lambda searcher: searcher.matches(query, statement_id))

    def spellings(self, word: str) -> list[str]:
        """Words that are spelled nearly like this one, the nearest first."""
        return self._ask(lambda searcher: searcher.vocabulary.spellings(word))

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        return self._ask(
            lambda searcher: searcher.vocabulary.completions(prefix, limit)
        )

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id with the digest of its readout."""
        return self._ask(lambda searcher: searcher.ids())

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement with the digest of its readout."""
        return self._ask(lambda searcher: searcher.statements())

    def info(self) -> IndexInfo:
        """Which generation answers, and how large it is; that it does is tried."""
        return self._ask(lambda searcher: searcher.info())

    def notes(self) -> list[str]:
        """The names under which the last writer kept something."""
        return self._ask(lambda searcher: searcher.notes())

    def note(self, name: str) -> bytes | None:
        """What the last writer kept under ``name``, or None."""
        return self._ask(lambda searcher: searcher.note(name))

    def verify(self) -> list[str]:
        """A sentence for each statement that is not as it was written."""
        return self._ask(lambda searcher: list(searcher.faults()))

    @contextmanager
    def writer(self, *, fresh: bool = False) -> Iterator[ClusterWriter]:
        """The one writer; what it was given is published when the block is left cleanly."""
        generations, registry = self._generations, self._generations.registry
        registry.create()
        with Lock(registry) as lock:
            base = None
            if not fresh:
                with suppress(IndexMissing):
                    base = generations.current()
                    base.check(self._language)
            number = generations.last_number() + 1
            with generations.building(base) as index:
                writer = ClusterWriter(
                    self._connection,
                    registry,
                    index,
                    base,
                    number,
                    self._language,
                    lock.check,
                )
                yield writer
                known = writer.finish()
                generations.publish(index, known)

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()
