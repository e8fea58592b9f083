"""Facets: how many results have each value, by counting over whole arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import cast

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.documents import MONTHS
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.segment import Segment
from indexer.search import UNDATED, FacetCount, SearchRequest

# Of a pair, in a fifth of the time that FacetCount itself takes: a page shows hundreds.
_facet_count = cast(
    Callable[[tuple[str, int]], FacetCount], partial(tuple.__new__, FacetCount)
)


class Narrowing:
    """The results of a search by segment, with its filters and without some of them."""

    def __init__(
        self,
        evaluations: Sequence[Evaluation],
        request: SearchRequest,
        values: Callable[[str], Values],
        months: Months,
    ) -> None:
        self._values = values
        self._months = months
        self._segments = [evaluation.segment for evaluation in evaluations]
        self._filtered = request.filters.keys()
        self._by_month: dict[frozenset[str], Array] = {}
        self._found = []
        self._filters = []
        for evaluation in evaluations:
            self._found.append(evaluation.docs(request.query))
            filters = request.filters.items()
            segment = evaluation.segment
            self._filters.append(
                {n: filter_mask(segment, n, values) for n, values in filters}
            )

    def results(self, free: Iterable[str] = ()) -> list[Array]:
        """The documents, ascending, by segment, that pass all filters but those named ``free``."""
        results = []
        for docs, filters in zip(self._found, self._filters, strict=True):
            for name in filters.keys() - set(free):
                docs = docs[filters[name][docs].nonzero()[0]]
            results.append(docs)
        return results

    def count(self, facet: str) -> tuple[FacetCount, ...]:
        """The values of a facet with their counts."""
        results = self.results(ignored_by(facet))
        found = list(zip(self._segments, results, strict=True))
        if not found:
            return ()
        if facet in ("year", "month"):
            free = frozenset(self._filtered & ignored_by(facet))
            if free not in self._by_month:
                self._by_month[free] = self._months.count(results)
            return self._months.counts(facet, self._by_month[free])
        known = self._values(facet)
        counts = np.zeros(len(known.values), np.intp)
        for numbers, (segment, docs) in zip(known.numbers, found, strict=True):
            own = np.bincount(segment.keywords[facet].chosen(docs))
            counts[numbers[: len(own)]] += own
        present = counts.nonzero()[0]
        ordered = present[np.argsort(-counts[present], kind="stable")]
        values = map(known.values.__getitem__, ordered.tolist())
        return tuple(
            map(_facet_count, zip(values, counts[ordered].tolist(), strict=True))
        )


def ignored_by(facet: str) -> set[str]:
    """The filters that a facet's counts ignore: its own, and those of the year that of the month."""
    return {"year", "month"} if facet == "year" else {facet}


def filter_mask(segment: Segment, name: str, values: Sequence[str]) -> Array:
    """Which documents have one of the values of a facet."""
    if name in ("year", "month"):
        dates = segment.documents.months
        numbers = [
            n for n in (_number(name, value) for value in values) if n is not None
        ]
        return np.isin(dates // MONTHS if name == "year" else dates, numbers)
    field = segment.keywords[name]
    ids = [field.lexicon.find(value.encode("utf-8", "replace")) for value in values]
    mask = np.zeros(len(segment), bool)
    mask[field.docs([value for value in ids if value is not None])] = True
    return mask


def _number(name: str, value: str) -> int | None:
    """How ``Documents.months`` tells a year or a month; None for what is neither."""
    if name == "year" and value == UNDATED:
        return 0
    year, _, month = value.partition("-")
    if not (year.isdecimal() and year.isascii() and len(year) == 4):
        return None
    if name == "year":
        return None if month else int(year) or None  # 0 is the undated
    if not (month.isdecimal() and month.isascii() and len(month) == 2):
        return None
    return int(year) * MONTHS + int(month) if 1 <= int(month) <= 12 else None


class Months:
    """The months and years of all segments, in order."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._documents = [segment.documents for segment in segments]
        runs = [documents.month_runs[0] for documents in self._documents]
        months, numbers = np.unique(
            np.concatenate([np.empty(0, np.uint32), *runs]), return_inverse=True
        )
        self._numbers = np.split(numbers, np.cumsum([len(run) for run in runs])[:-1])
        years, self._first_months = np.unique(months // MONTHS, return_index=True)
        self._years = [f"{year:04}" if year else UNDATED for year in years.tolist()]
        self._months = [
            f"{month // MONTHS:04}-{month % MONTHS:02}" if month % MONTHS else ""
            for month in months.tolist()
        ]

    def count(self, results: Sequence[Array]) -> Array:
        """How many of the documents (ascending, by segment) each month has."""
        counts = np.zeros(len(self._months), np.int64)
        for documents, numbers, docs in zip(
            self._documents, self._numbers, results, strict=True
        ):
            # A month may be several runs.
            np.add.at(counts, numbers, documents.month_counts(docs))
        return counts

    def counts(self, facet: str, counts: Array) -> tuple[FacetCount, ...]:
        """The years or months with their ``count``: "undated" is the last year."""
        names = self._months
        if facet == "year":
            counts, names = np.add.reduceat(counts, self._first_months), self._years
        values = [
            _facet_count(pair)
            for pair in zip(names, counts.tolist(), strict=True)
            if all(pair)
        ]
        if values and values[0].value == UNDATED:
            values.append(values.pop(0))
        return tuple(values)
