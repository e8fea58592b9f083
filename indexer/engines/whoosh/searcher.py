"""One generation, opened: answers searches from all threads, and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.copies import COPIES, read_groups
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.facets import Months, Narrowing
from indexer.engines.whoosh.folding import Copies, CopiesNarrowing
from indexer.engines.whoosh.generations import Generation
from indexer.engines.whoosh.hits import hits, matches
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.leaves import sought
from indexer.engines.whoosh.rank import K1, B, Ranked, bm25, first, lengths
from indexer.engines.whoosh.schema import INDEX_NAME
from indexer.engines.whoosh.segment import open_segment
from indexer.query import And, Dates, Query
from indexer.search import IndexInfo, SearchRequest, SearchResults, Snippet, Sort
from indexer.statement import Statement


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

    @cached_property
    def _copies(self) -> Copies:
        """The near-copies among the documents."""
        groups = read_groups(self.generation.folder / COPIES)
        return Copies(groups, [s.documents.prints for s in self.segments])

    def _values(self, name: str) -> Values:
        """The values of a keyword field, united when first counted."""
        if name not in self._united:
            self._united[name] = Values([s.keywords[name] for s in self.segments])
        return self._united[name]

    def _evaluations(self, days: DateRange | None = None) -> list[Evaluation]:
        return [
            Evaluation(segment, alive, self.language, days)
            for segment, alive in zip(self.segments, self._alive, strict=True)
        ]

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        request = _with_days(request)
        evaluations = self._evaluations(request.dates)
        narrowing = self._narrowing(evaluations, request)
        results = narrowing.results()
        folded = None
        if request.fold and len(self._copies):
            folded = self._copies.fold(results)
        docs = folded.docs if folded else results
        ranked = self._rank(evaluations, docs, request)
        wanted = list(dict.fromkeys(sought(request.query)))
        page = hits(evaluations, ranked, wanted, request.snippets)
        if folded:
            page = tuple(
                replace(hit, more=self._copies.more(folded, segment, doc))
                for hit, (_, _, segment, doc) in zip(page, ranked, strict=True)
            )
        return SearchResults(
            total=sum(map(len, docs)),
            statements=sum(map(len, results)),
            hits=page,
            facets={name: narrowing.count(name) for name in request.facets},
            index=self.info,
        )

    def _narrowing(
        self, evaluations: Sequence[Evaluation], request: SearchRequest
    ) -> Narrowing:
        """The results, with regard to near-copies if that is asked for."""
        fields = self._values, self._months
        folds = request.fold and len(self._copies)
        if not folds and not request.similar:
            return Narrowing(evaluations, request, *fields)
        similar = self._find(request.similar)
        return CopiesNarrowing(evaluations, request, *fields, self._copies, similar)

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
            scores = bm25(evaluations, results, wanted, self._norms)
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

    def matches(self, query: Query, statement_id: str) -> Snippet | None:
        """The statement's text with all matches marked."""
        place = self._find(statement_id)
        if place is None:
            return None
        number, doc = place
        evaluation = self._evaluations()[number]
        shown = evaluation.segment.documents.shown(doc)
        wanted = list(sought(query))
        group = (evaluation, [doc])
        ((marks, _),) = matches([group], wanted, "text", [shown.text_tokens])
        return Snippet(shown.text, tuple(marks))

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


def _with_days(request: SearchRequest) -> SearchRequest:
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


def _alive(size: int, deleted: Sequence[int]) -> Array | None:
    """A mask of the documents that are not deleted; None if none is."""
    if not deleted:
        return None
    mask = np.ones(size, bool)
    mask[deleted] = False
    return mask
