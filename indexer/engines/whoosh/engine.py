"""The Whoosh engine: generations of segments behind the promises of ``indexer.engine``."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from indexer import analysis
from indexer.concordance import Concordance, LineSort
from indexer.engines.whoosh.arrays import keep_freed_memory
from indexer.engines.whoosh.generations import Generation, Generations
from indexer.engines.whoosh.schema import FORMAT
from indexer.engines.whoosh.searcher import Searcher
from indexer.engines.whoosh.writer import NOTE, CorpusWriter
from indexer.errors import IndexOutdated
from indexer.periods import Period
from indexer.query import Query
from indexer.search import AllHits, IndexInfo, Marked, SearchRequest, SearchResults
from indexer.statement import Statement
from indexer.timeline import Timeline


class WhooshEngine:
    """An index in a folder. The folder is trusted: opening it unpickles what it holds.

    ``language`` is the Snowball language of the stems, ``jobs`` the number of processes that write.
    """

    def __init__(self, folder: Path, language: str = "english", jobs: int = 1) -> None:
        keep_freed_memory()
        self._generations = Generations(folder)
        self._language = language
        self._jobs = jobs
        self._opening = threading.Lock()
        self._opened: tuple[tuple[int, int] | None, Searcher] | None = None

    def _searcher(self) -> Searcher:
        """The current generation's searcher, opened anew only when CURRENT has moved."""
        stamp = self._generations.stamp()
        opened = self._opened
        if opened is None or opened[0] != stamp or stamp is None:
            with self._opening:
                opened = self._opened
                if opened is None or opened[0] != stamp or stamp is None:
                    opened = (stamp, Searcher(self._readable()))
                    self._opened = opened
        return opened[1]

    def _readable(self) -> Generation:
        """The current generation, if this version of the program can read it."""
        generation = self._generations.current()
        made = generation.manifest
        wanted = {
            "format": FORMAT,
            "analysis": analysis.VERSION,
            "language": self._language,
        }
        changed = [
            f"{k} {made.get(k)} -> {v}" for k, v in wanted.items() if made.get(k) != v
        ]
        if changed:
            raise IndexOutdated(f"The index was built otherwise ({', '.join(changed)})")
        return generation

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        return self._searcher().search(request)

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit of a search, in its order and of one generation."""
        return self._searcher().hits(request)

    def tokens(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        """The facets of a search, counted in tokens."""
        return self._searcher().tokens(request)

    def timelines(
        self,
        requests: Sequence[SearchRequest],
        *,
        period: Period,
        by: str | None = None,
    ) -> tuple[Timeline, ...]:
        """The whole result of each search by period, all of one generation."""
        searcher = self._searcher()
        return tuple(searcher.timeline(each, period, by) for each in requests)

    def concordance(
        self,
        request: SearchRequest,
        *,
        sort: LineSort = LineSort.RIGHT1,
        offset: int = 0,
        limit: int | None = None,
    ) -> Concordance:
        """Every occurrence in the whole result on a line, all of one generation."""
        return self._searcher().concordance(request, sort, offset, limit)

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement, or None."""
        return self._searcher().get(statement_id)

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """The statement's title and text with every match marked, or None."""
        return self._searcher().matches(query, statement_id)

    def spellings(self, word: str) -> list[str]:
        """Words that are spelled nearly like this one, the nearest first."""
        return self._searcher().spellings(word)

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        return self._searcher().completions(prefix, limit)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id with the digest of its readout."""
        return self._searcher().ids()

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement with the digest of its readout."""
        return self._searcher().statements()

    def info(self) -> IndexInfo:
        """Which generation answers, and how large it is."""
        return self._searcher().corpus.info

    def notes(self) -> list[str]:
        """The names under which the last writer kept something."""
        folder = self._searcher().corpus.generation.folder
        return sorted(path.name.removesuffix(NOTE) for path in folder.glob(f"*{NOTE}"))

    def note(self, name: str) -> bytes | None:
        """What the last writer kept under ``name``, or None."""
        path = self._searcher().corpus.generation.folder / f"{name}{NOTE}"
        return path.read_bytes() if path.exists() else None

    def verify(self) -> list[str]:
        """A sentence for each file that is not as it was written."""
        self._readable()
        return self._generations.faults()

    @contextmanager
    def writer(self, *, fresh: bool = False) -> Iterator[CorpusWriter]:
        """The one writer; what it was given is published when the block is left cleanly."""
        generations = self._generations
        with generations.lock(), generations.building() as folder:
            started = generations.stamp() is not None
            base = self._readable() if started and not fresh else None
            with closing(
                CorpusWriter(folder, base, self._language, self._jobs)
            ) as writer:
                yield writer
                manifest = writer.finish()
            generations.publish(folder, manifest)

    def close(self) -> None:
        """Let go of the files."""
        self._opened = None
