"""Facets: how many results have each value, by counting over whole arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.documents import MONTHS
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.fields import Values
from indexer.engines.whoosh.segment import Segment
from indexer.search import UNDATED, FacetCount, SearchRequest


class Narrowing:
    """The results of a search by segment, with its filters and without some of them."""

    def __init__(
        self,
        evaluations: Sequence[Evaluation],
        request: SearchRequest,
        values: Callable[[str], Values],
    ) -> None:
        self._values = values
        self._segments = [evaluation.segment for evaluation in evaluations]
        self._found = []
        self._filters = []
        for evaluation in evaluations:
            docs = evaluation.docs(request.query)
            if request.dates:
                docs = docs[evaluation.dated(request.dates)[docs].nonzero()[0]]
            self._found.append(docs)
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
        """The values of a facet with their counts, which ignore the facet's own filter.

        Those of the year ignore that of the month too.
        """
        names = {"year", "month"} if facet == "year" else {facet}
        free = names & self._filters[0].keys() if self._filters else set()
        found = list(zip(self._segments, self.results(free), strict=True))
        if not found:
            return ()
        if facet in ("year", "month"):
            dates = [segment.documents.months[docs] for segment, docs in found]
            return tuple(_date_counts(facet, np.concatenate(dates)))
        known = self._values(facet)
        chosen = [
            numbers[segment.keywords[facet].chosen(docs)]
            for numbers, (segment, docs) in zip(known.numbers, found, strict=True)
        ]
        counts = np.bincount(np.concatenate(chosen))
        present = counts.nonzero()[0]
        ordered = present[np.argsort(-counts[present], kind="stable")]
        values = map(known.values.__getitem__, ordered.tolist())
        return tuple(map(FacetCount, values, counts[ordered].tolist()))


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
        return None if month else int(year)
    if not (month.isdecimal() and month.isascii() and len(month) == 2):
        return None
    return int(year) * MONTHS + int(month) if 1 <= int(month) <= 12 else None


def _date_counts(facet: str, dates: Array) -> Iterator[FacetCount]:
    """In order of time, "undated" last."""
    least = int(dates.min(initial=MONTHS * 9999))
    by_month = np.bincount(dates - least)
    months = by_month.nonzero()[0]
    counts = by_month[months]
    months += least
    if facet == "month":
        for month, count in zip(months.tolist(), counts.tolist(), strict=True):
            if month % MONTHS:
                yield FacetCount(f"{month // MONTHS:04}-{month % MONTHS:02}", count)
        return
    years, first = np.unique(months // MONTHS, return_index=True)
    sums = np.add.reduceat(counts, first) if len(counts) else counts
    found = dict(zip(years.tolist(), sums.tolist(), strict=True))
    undated = found.pop(0, 0)
    for year, count in found.items():
        yield FacetCount(f"{year:04}", count)
    if undated:
        yield FacetCount(UNDATED, undated)
