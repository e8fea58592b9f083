"""One generation, opened: answers searches from all threads, and never changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from indexer.concordance import Concordance, LineSort
from indexer.engines.whoosh.completions import completions
from indexer.engines.whoosh.corpus import Corpus
from indexer.engines.whoosh.found import Found, wanted
from indexer.engines.whoosh.generations import Generation
from indexer.engines.whoosh.hits import marked
from indexer.engines.whoosh.spellings import spellings
from indexer.periods import Period
from indexer.query import Query
from indexer.search import AllHits, Hit, Marked, SearchRequest, SearchResults
from indexer.statement import Statement
from indexer.timeline import Timeline

# Hits that are made at a time where all are asked for.
_CHUNK = 256


class Searcher:
    """The answers from one generation."""

    def __init__(self, generation: Generation) -> None:
        self.corpus = Corpus(generation)

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        found = Found(self.corpus, request)
        return SearchResults(
            total=sum(map(len, found.results)),
            statements=sum(map(len, found.docs)),
            hits=found.hits(found.ranked()),
            facets=found.facets(),
            index=self.corpus.info,
            uses=found.uses() if request.uses else None,
        )

    def timeline(
        self, request: SearchRequest, period: Period, by: str | None
    ) -> Timeline:
        """The result by period, beside all that is searched; near-copies are not folded."""
        return Found(self.corpus, replace(request, fold=False)).timeline(period, by)

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit, made in chunks; the order of all is known before the first."""
        found = Found(self.corpus, replace(request, fold=False))
        ranked = found.all_ranked()
        total = len(ranked)
        chunks = (ranked[start : start + _CHUNK] for start in range(0, total, _CHUNK))
        made = chain.from_iterable(map(found.hits, chunks))
        whole = (replace(hit, statement=self._whole(hit)) for hit in made)
        return AllHits(total=total, hits=whole, index=self.corpus.info)

    def concordance(
        self, request: SearchRequest, sort: LineSort, offset: int, limit: int | None
    ) -> Concordance:
        """Every occurrence on a line; only those lines that are asked for are made."""
        lineup = Found(self.corpus, replace(request, fold=False)).lineup()
        rows = lineup.rows(sort, self.corpus.collation, offset, limit)
        return Concordance(
            total=len(lineup),
            statements=lineup.statements,
            lines=lineup.lines(rows),
            index=self.corpus.info,
        )

    def tokens(self, request: SearchRequest) -> dict[str, dict[str, int]]:
        """The facets of a search, counted in tokens."""
        return Found(self.corpus, request).tokens()

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement."""
        place = self.corpus.find(statement_id)
        if place is None:
            return None
        return self.corpus.segments[place[0]].documents.statement(place[1])

    def _whole(self, hit: Hit) -> Statement:
        return self.get(hit.statement.id) or hit.statement

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """The statement's title and text with all matches marked."""
        place = self.corpus.find(statement_id)
        if place is None:
            return None
        number, doc = place
        return marked(self.corpus.evaluations()[number], doc, wanted(query))

    def spellings(self, word: str) -> list[str]:
        """Words that are spelled nearly like this one, the nearest first."""
        return spellings(self.corpus.segments, word)

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Words that begin so, the most frequent first."""
        return completions(self.corpus.segments, prefix, limit)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id and its readout's digest."""
        return self.corpus.ids()

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement and its readout's digest."""
        return self.corpus.statements()
