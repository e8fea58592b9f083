"""One generation, opened: answers searches from all threads, and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import Evaluation, sought
from indexer.engines.whoosh.facets import Months, Narrowing
from indexer.engines.whoosh.fields import Values
from indexer.engines.whoosh.generations import Generation
from indexer.engines.whoosh.hits import Matches, hits
from indexer.engines.whoosh.occurrences import by_document, count
from indexer.engines.whoosh.rank import K1, B, Ranked, bm25, first, lengths
from indexer.engines.whoosh.schema import INDEX_NAME
from indexer.engines.whoosh.segment import open_segment
from indexer.engines.whoosh.timeline import Counting, reach
from indexer.engines.whoosh.uses import longest_silence, searched
from indexer.periods import Period
from indexer.query import Query, scope, when
from indexer.search import (
    AllHits,
    Hit,
    IndexInfo,
    Marked,
    SearchRequest,
    SearchResults,
    Snippet,
    Sort,
    Uses,
)
from indexer.statement import Statement
from indexer.timeline import Timeline

# Hits that are made at a time where all are asked for.
_CHUNK = 256


class Searcher:
    """The segments of a generation."""

    def __init__(self, generation: Generation) -> None:
        manifest = generation.manifest
        entries = TOC.read(FileStorage(str(generation.folder)), INDEX_NAME).segments
        self.generation = generation
        self.language: str = manifest["language"]
        self.segments = [
            open_segment(entry.path(generation.folder)) for entry in entries
        ]
        self._alive = [
            _alive(entry.doc_count_all(), entry.deleted()) for entry in entries
        ]
        self._united: dict[str, Values] = {}
        self.info = IndexInfo(
            generation=generation.number,
            statements=manifest["statements"],
            tokens=manifest["tokens"],
            built_at=manifest["built_at"],
            fingerprint=manifest["fingerprint"],
        )

    @cached_property
    def _norms(self) -> list[Array]:
        """What BM25 makes of each document's length."""
        sizes = [lengths(segment) for segment in self.segments]
        living = [
            s if a is None else s[a] for s, a in zip(sizes, self._alive, strict=True)
        ]
        total = sum(float(size.sum(dtype=np.float64)) for size in living)
        average = np.float32(max(1.0, total / max(1, self.info.statements)))
        return [
            np.float32(K1) * (np.float32(1 - B) + np.float32(B) * s / average)
            for s in sizes
        ]

    @cached_property
    def _months(self) -> Months:
        """The months that documents have."""
        return Months(self.segments)

    def _values(self, name: str) -> Values:
        """The values of a keyword field, united when first counted."""
        if name not in self._united:
            self._united[name] = Values([s.keywords[name] for s in self.segments])
        return self._united[name]

    def _evaluations(self) -> list[Evaluation]:
        return [
            Evaluation(segment, alive, self.language)
            for segment, alive in zip(self.segments, self._alive, strict=True)
        ]

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        evaluations = self._evaluations()
        narrowing = Narrowing(evaluations, request, self._values, self._months)
        results = narrowing.results()
        ranked = self._rank(evaluations, results, request)
        return SearchResults(
            total=sum(map(len, results)),
            hits=self._hits(evaluations, ranked, request),
            facets={name: narrowing.count(name) for name in request.facets},
            index=self.info,
            uses=self._uses(evaluations, results, request) if request.uses else None,
        )

    def _uses(
        self,
        evaluations: Sequence[Evaluation],
        results: Sequence[Array],
        request: SearchRequest,
    ) -> Uses:
        """First and last use in the results, and in which part of the corpus it was looked for."""
        narrowed = replace(request, query=scope(request.query))
        among = Narrowing(evaluations, narrowed, self._values, self._months).results()
        silence = longest_silence(self.segments, results)
        silent = 0
        if silence:
            for evaluation, docs in zip(evaluations, among, strict=True):
                silent += int(np.count_nonzero(evaluation.dated(silence)[docs]))
        return Uses(
            occurrences=count(
                evaluations, results, list(dict.fromkeys(sought(request.query)))
            ),
            first=self._first_dated(evaluations, results, request, Sort.OLDEST),
            last=self._first_dated(evaluations, results, request, Sort.NEWEST),
            silence=silence,
            silent=silent,
            searched=searched(self.segments, among),
        )

    def _first_dated(
        self,
        evaluations: Sequence[Evaluation],
        results: Sequence[Array],
        request: SearchRequest,
        sort: Sort,
    ) -> Statement | None:
        """The first of the results in this order, unless it is undated."""
        asked = replace(request, sort=sort, offset=0, limit=1)
        for hit in self._rank(evaluations, results, asked):
            shown = self.segments[hit.segment].documents.shown(hit.doc)
            return shown.statement if shown.statement.date else None
        return None

    def timeline(
        self, request: SearchRequest, period: Period, by: str | None
    ) -> Timeline:
        """The result by period, beside all that is searched."""
        evaluations = self._evaluations()

        def narrowed(request: SearchRequest) -> list[Array]:
            narrowing = Narrowing(evaluations, request, self._values, self._months)
            return narrowing.results()

        days = {n: v for n, v in request.filters.items() if n in ("year", "month")}
        within = replace(request, query=when(request.query), filters=days)
        first, last = reach(self.segments, narrowed(within), period)
        results = narrowed(request)
        wanted = list(dict.fromkeys(sought(request.query)))
        counting = Counting(
            self.segments,
            narrowed(replace(request, query=scope(request.query))),
            results,
            by_document(evaluations, results, wanted),
            period,
        )
        parts, rest = counting.broken_down(by, self._values(by)) if by else ((), None)
        return Timeline(
            period=period,
            by=by,
            first=first,
            last=last,
            periods=counting.names,
            whole=counting.whole,
            parts=parts,
            rest=rest,
            index=self.info,
        )

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit, made in chunks; the order of all is known before the first."""
        evaluations = self._evaluations()
        narrowing = Narrowing(evaluations, request, self._values, self._months)
        results = narrowing.results()
        total = sum(map(len, results))
        ranked = self._rank(
            evaluations, results, replace(request, offset=0, limit=total)
        )
        chunks = (ranked[first : first + _CHUNK] for first in range(0, total, _CHUNK))
        made = (self._hits(evaluations, chunk, request) for chunk in chunks)
        return AllHits(total=total, hits=chain.from_iterable(made), index=self.info)

    def _hits(
        self,
        evaluations: Sequence[Evaluation],
        ranked: Sequence[Ranked],
        request: SearchRequest,
    ) -> tuple[Hit, ...]:
        """The hits of some results, in their order."""
        wanted = list(dict.fromkeys(sought(request.query)))
        page: dict[tuple[int, int], Hit] = {}
        for number, evaluation in enumerate(evaluations):
            chosen = {
                hit.doc: -hit.minus_score for hit in ranked if hit.segment == number
            }
            for doc, hit in hits(evaluation, chosen, wanted, request.snippets):
                page[number, doc] = hit
        return tuple(page[hit.segment, hit.doc] for hit in ranked)

    def _rank(
        self,
        evaluations: Sequence[Evaluation],
        results: Sequence[Array],
        request: SearchRequest,
    ) -> list[Ranked]:
        """The results of the page."""
        if not request.limit or not any(map(len, results)):
            return []
        scores = None
        wanted = list(dict.fromkeys(sought(request.query)))
        if request.sort is Sort.RELEVANCE and wanted:
            population = self.info.statements
            scores = bm25(evaluations, results, wanted, self._norms, population)
        end = request.offset + request.limit
        return first(self.segments, results, scores, request.sort, end)[
            request.offset :
        ]

    def _find(self, statement_id: str) -> tuple[int, int] | None:
        """Segment and document of a statement."""
        for number, (segment, alive) in enumerate(
            zip(self.segments, self._alive, strict=True)
        ):
            doc = segment.documents.find(statement_id)
            if doc is not None and (alive is None or alive[doc]):
                return number, doc
        return None

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement."""
        place = self._find(statement_id)
        if place is None:
            return None
        return self.segments[place[0]].documents.statement(place[1])

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """The statement's title and text with all matches marked."""
        place = self._find(statement_id)
        if place is None:
            return None
        evaluation = self._evaluations()[place[0]]
        shown = evaluation.segment.documents.shown(place[1])
        wanted = list(dict.fromkeys(sought(query)))
        in_title, in_title_count = Matches(evaluation, wanted, "title").within(
            place[1], shown.title_tokens
        )
        in_text, in_text_count = Matches(evaluation, wanted, "text").within(
            place[1], shown.text_tokens
        )
        return Marked(
            Snippet(shown.statement.title, tuple(in_title)),
            Snippet(shown.text, tuple(in_text)),
            in_title_count + in_text_count,
        )

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id and its readout's digest."""
        for segment, alive in zip(self.segments, self._alive, strict=True):
            documents = segment.documents
            digests = [digest.decode() for digest in documents.digests]
            docs = (
                range(len(segment)) if alive is None else np.flatnonzero(alive).tolist()
            )
            ranks, values = documents.id_ranks.tolist(), documents.ids.values
            yield from ((values[ranks[doc]], digests[doc]) for doc in docs)


def _alive(size: int, deleted: Sequence[int]) -> Array | None:
    """A mask of the documents that are not deleted; None if none is."""
    if not deleted:
        return None
    mask = np.ones(size, bool)
    mask[deleted] = False
    return mask
