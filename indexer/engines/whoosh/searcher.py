"""One generation, opened: answers searches from all threads, and never changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer import analysis
from indexer.engines.whoosh import facets
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.evaluate import Evaluation, Sought, sought
from indexer.engines.whoosh.generations import Generation
from indexer.engines.whoosh.rank import K1, B, bm25, first, lengths
from indexer.engines.whoosh.schema import INDEX_NAME
from indexer.engines.whoosh.segment import open_segment
from indexer.query import Query
from indexer.search import Hit, IndexInfo, SearchRequest, SearchResults, Snippet, Sort
from indexer.snippets import Mark, merge_marks, snippets
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

    def _evaluations(self) -> list[Evaluation]:
        return [
            Evaluation(segment, alive, self.language)
            for segment, alive in zip(self.segments, self._alive, strict=True)
        ]

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search."""
        evaluations = self._evaluations()
        found = []
        for evaluation in evaluations:
            mask = evaluation.living(evaluation.mask(request.query))
            found.append(
                mask & evaluation.dated(request.dates) if request.dates else mask
            )
        filters = [
            facets.masks(evaluation, request.filters) for evaluation in evaluations
        ]
        results = _filtered(found, filters, ())
        wanted = list(dict.fromkeys(sought(request.query)))
        scores = None
        if request.sort is Sort.RELEVANCE and wanted:
            scores = bm25(
                evaluations, results, wanted, self._norms, self.info.statements
            )
        size = request.offset + request.limit
        ranked = first(self.segments, results, scores, request.sort, size)[
            request.offset :
        ]
        hits: dict[tuple[int, int], Hit] = {}
        for number, evaluation in enumerate(evaluations):
            chosen = {hit.doc: hit.keys[0] for hit in ranked if hit.segment == number}
            for hit in _hits(evaluation, chosen, wanted, request.snippets):
                hits[number, hit[0]] = hit[1]
        counts = {}
        for name in request.facets:
            free = set(facets.exempt(name)) & set(request.filters)
            docs = _filtered(found, filters, free) if free else results
            counts[name] = facets.count(
                name, list(zip(self.segments, docs, strict=True))
            )
        return SearchResults(
            total=sum(map(len, results)),
            hits=tuple(hits[hit.segment, hit.doc] for hit in ranked),
            facets=counts,
            index=self.info,
        )

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
        return (
            None
            if place is None
            else self.segments[place[0]].documents.statement(place[1])
        )

    def matches(self, query: Query, statement_id: str) -> Snippet | None:
        """The statement's text with all matches marked."""
        place = self._find(statement_id)
        if place is None:
            return None
        evaluation = self._evaluations()[place[0]]
        docs = np.array([place[1]])
        matched = _Matches(evaluation, docs, list(dict.fromkeys(sought(query))), "text")
        text = evaluation.segment.documents.text(place[1])
        return Snippet(text, tuple(matched.marks(place[1], text)))

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


def _filtered(
    found: Sequence[Array],
    filters: Sequence[dict[str, Array]],
    free: Sequence[str] | set[str],
) -> list[Array]:
    """The documents, by segment, that pass all filters but those named ``free``."""
    results = []
    for mask, by_name in zip(found, filters, strict=True):
        for name in by_name.keys() - set(free):
            mask = mask & by_name[name]
        results.append(np.flatnonzero(mask))
    return results


class _Matches:
    """Where the leaves of a query stand in a few documents of a segment."""

    def __init__(
        self, evaluation: Evaluation, docs: Array, wanted: Sequence[Sought], name: str
    ) -> None:
        bounds = evaluation.segment.texts[name].bounds
        first = bounds[docs]
        found: dict[int, set[Mark]] = {}
        for leaf, fields in wanted:
            if name not in fields:
                continue
            spans = evaluation.spans(leaf, name, docs)
            cuts = zip(
                docs.tolist(),
                first.tolist(),
                np.searchsorted(spans.starts, first).tolist(),
                np.searchsorted(spans.starts, bounds[docs + 1]).tolist(),
                strict=True,
            )
            for doc, begin, low, high in cuts:
                if low < high:
                    starts = (spans.starts[low:high] - begin).tolist()
                    ends = (spans.ends[low:high] - begin).tolist()
                    found.setdefault(doc, set()).update(zip(starts, ends, strict=True))
        self._found = found

    def count(self, doc: int) -> int:
        """How many different stretches of tokens matched."""
        return len(self._found.get(doc, ()))

    def marks(self, doc: int, text: str) -> list[Mark]:
        """The characters that matched."""
        found = self._found.get(doc)
        if not found:
            return []
        starts, ends = analysis.spans(text)
        return merge_marks([(int(starts[s]), int(ends[e - 1])) for s, e in found])


def _hits(
    evaluation: Evaluation,
    chosen: dict[int, float],
    wanted: Sequence[Sought],
    size: int,
) -> Iterator[tuple[int, Hit]]:
    """The hits of a page that are in one segment, with their documents' numbers."""
    if not chosen:
        return
    documents = evaluation.segment.documents
    docs = np.array(sorted(chosen))
    in_title = _Matches(evaluation, docs, wanted, "title")
    in_text = _Matches(evaluation, docs, wanted, "text")
    for doc, score in chosen.items():
        statement = documents.statement(doc, with_text=False)
        text = documents.text(doc)
        yield doc, Hit(
            statement=statement,
            score=score,
            title=Snippet(statement.title, tuple(in_title.marks(doc, statement.title))),
            snippets=snippets(text, in_text.marks(doc, text), size),
            occurrences=in_title.count(doc) + in_text.count(doc),
        )
