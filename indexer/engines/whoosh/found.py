"""What one search finds in a corpus: its documents, and all that is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.corpus import Corpus
from indexer.engines.whoosh.facets import Narrowing, ignored_by
from indexer.engines.whoosh.folding import CopiesNarrowing, Folded
from indexer.engines.whoosh.hits import hits
from indexer.engines.whoosh.leaves import Sought, sought
from indexer.engines.whoosh.lineup import Lineup
from indexer.engines.whoosh.occurrences import by_document, count, occurrences
from indexer.engines.whoosh.rank import Ranked, bm25, first
from indexer.engines.whoosh.sizes import tokens_by
from indexer.engines.whoosh.timeline import Counting, reach
from indexer.engines.whoosh.uses import dated_within, longest_silence, searched
from indexer.periods import Period
from indexer.query import EVERYTHING, And, Dates, Query, scope, when
from indexer.search import FacetCount, Hit, SearchRequest, Sort, Uses
from indexer.statement import Statement
from indexer.timeline import Timeline


class Found:
    """The documents that match, by segment: ``docs``, and where copies are folded ``results``."""

    def __init__(self, corpus: Corpus, request: SearchRequest) -> None:
        self._corpus = corpus
        self._request = request = with_days(request)
        self._evaluations = corpus.evaluations(request.dates)
        self._narrowing = self._narrow(request)
        self.docs = self._narrowing.results()
        self.wanted = wanted(request.query)

    def _narrow(self, request: SearchRequest) -> Narrowing:
        """The results, with regard to near-copies if that is asked for."""
        corpus = self._corpus
        fields = corpus.values, corpus.months
        if not self._folds and not request.similar:
            return Narrowing(self._evaluations, request, *fields)
        similar = corpus.find(request.similar)
        return CopiesNarrowing(
            self._evaluations, request, *fields, corpus.copies, similar
        )

    @cached_property
    def _folds(self) -> bool:
        """Whether there is anything to fold; where it is not asked for, copies are not even read."""
        return self._request.fold and len(self._corpus.copies) > 0

    @cached_property
    def _folded(self) -> Folded | None:
        return self._corpus.copies.fold(self.docs) if self._folds else None

    @property
    def results(self) -> list[Array]:
        """The documents that are counted and shown: of near-copies one, where they are folded."""
        return self._folded.docs if self._folded else self.docs

    def lineup(self) -> Lineup:
        """Every occurrence in the documents."""
        found = occurrences(self._evaluations, self.docs, self.wanted)
        return Lineup(self._corpus.segments, found)

    def ranked(self) -> list[Ranked]:
        """The results of the request's page, in its order."""
        request = self._request
        size = request.offset + request.limit if request.limit else 0
        return self._first(self.results, request.sort, size)[request.offset :]

    def all_ranked(self) -> list[Ranked]:
        """All results in the request's order."""
        return self._first(
            self.results, self._request.sort, sum(map(len, self.results))
        )

    def _first(self, docs: Sequence[Array], sort: Sort, size: int) -> list[Ranked]:
        if not size or not any(map(len, docs)):
            return []
        scores = None
        if sort is Sort.RELEVANCE and self.wanted:
            norms = self._corpus.norms
            scores = bm25(self._evaluations, docs, self.wanted, norms)
        return first(self._corpus.segments, docs, scores, sort, size)

    def hits(self, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
        """The hits of some results, in their order."""
        page = hits(self._evaluations, ranked, self.wanted, self._request.snippets)
        if not self._folded:
            return page
        more = self._corpus.copies.more
        return tuple(
            replace(hit, more=more(self._folded, segment, doc))
            for hit, (_, _, segment, doc) in zip(page, ranked, strict=True)
        )

    def facets(self) -> dict[str, tuple[FacetCount, ...]]:
        """The counts of the facets that are asked for."""
        return {name: self._narrowing.count(name) for name in self._request.facets}

    def tokens(self) -> dict[str, dict[str, int]]:
        """The same in tokens, without folding."""
        segments, results = self._corpus.segments, self._narrowing.results
        return {
            name: tokens_by(
                name, dict(zip(segments, results(ignored_by(name)), strict=True))
            )
            for name in self._request.facets
        }

    def uses(self) -> Uses:
        """First and last use and all matches, without folding, and where they were looked for."""
        request = self._request
        corpus, within = self._corpus, replace(request, query=scope(request.query))
        among, where = corpus.living, corpus.searched
        if narrows(within):
            among = self._narrow(within).results()
            where = searched(corpus.segments, among)
        silence = longest_silence(corpus.segments, self.docs)
        silent = dated_within(corpus.segments, among, silence) if silence else 0
        return Uses(
            occurrences=count(self._evaluations, self.docs, self.wanted),
            first=self._dated(Sort.OLDEST),
            last=self._dated(Sort.NEWEST),
            silence=silence,
            silent=silent,
            searched=where,
        )

    def timeline(self, period: Period, by: str | None) -> Timeline:
        """The documents by period, beside all that were searched."""
        request, corpus = self._request, self._corpus
        days = {n: v for n, v in request.filters.items() if n in ("year", "month")}
        within = replace(request, query=when(request.query), filters=days, similar="")
        first, last = reach(corpus.segments, self._narrow(within).results(), period)
        among = self._narrow(replace(request, query=scope(request.query))).results()
        counting = Counting(
            corpus.segments,
            among,
            self.docs,
            by_document(self._evaluations, self.docs, self.wanted),
            period,
        )
        parts, rest = counting.broken_down(by, corpus.values(by)) if by else ((), None)
        return Timeline(
            period=period,
            by=by,
            first=first,
            last=last,
            periods=counting.names,
            whole=counting.whole,
            parts=parts,
            rest=rest,
            index=corpus.info,
        )

    def _dated(self, sort: Sort) -> Statement | None:
        """The first of the documents in this order, unless it is undated."""
        for _, _, segment, doc in self._first(self.docs, sort, 1):
            statement = self._corpus.segments[segment].documents.listed(doc)
            return statement if statement.date else None
        return None


def wanted(query: Query) -> list[Sought]:
    """What may match in the texts, each once."""
    return list(dict.fromkeys(sought(query)))


def narrows(request: SearchRequest) -> bool:
    """Whether a search leaves anything out."""
    return bool(
        request.query != EVERYTHING
        or request.dates
        or request.filters
        or request.similar
    )


def with_days(request: SearchRequest) -> SearchRequest:
    """The same search with the days that its query asks for as those of the request."""
    query = request.query
    if request.dates or not isinstance(query, And):
        return request
    days = [part.range for part in query.parts if isinstance(part, Dates)]
    if len(days) != 1:
        return request
    others = tuple(part for part in query.parts if not isinstance(part, Dates))
    query = And(others) if len(others) > 1 else others[0]
    return replace(request, query=query, dates=days[0])
