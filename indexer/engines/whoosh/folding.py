"""Folding: of near-copies among the results of a search, the earliest stands for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.copies import Groups
from indexer.engines.whoosh.documents import MONTHS
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.facets import Months, Narrowing
from indexer.engines.whoosh.keywords import Values
from indexer.search import UNDATED, FacetCount, SearchRequest


class Folded(NamedTuple):
    """Documents by segment, of each group one: its place, and how many there were of the group."""

    docs: list[Array]
    places: Array
    sizes: Array


class Copies:
    """Where the documents of a generation stand among its near-copies."""

    def __init__(self, groups: Groups, prints: Sequence[Array]) -> None:
        self._numbers = groups.numbers.astype(np.int64)
        self._places = [groups.places(each).astype(np.int32) for each in prints]

    def __len__(self) -> int:
        return len(self._numbers)

    def fold(self, results: Sequence[Array]) -> Folded:
        """The results, documents by segment, but of each group the earliest alone."""
        found = [own[docs] for own, docs in zip(self._places, results, strict=True)]
        there = np.zeros(len(self._numbers) + 1, bool)  # the last: those of no group
        for places in found:
            there[places] = True
        members = np.flatnonzero(there[:-1])
        first = np.flatnonzero(np.diff(self._numbers[members], prepend=-1))
        there[members[first]] = there[-1] = False  # what is left goes
        return Folded(
            [docs[~there[own]] for docs, own in zip(results, found, strict=True)],
            members[first],
            np.diff(first, append=len(members)),
        )

    def more(self, folded: Folded, segment: int, doc: int) -> int:
        """How many results are folded under one that is left."""
        place = int(self._places[segment][doc])
        if place < 0:
            return 0
        return int(folded.sizes[np.searchsorted(folded.places, place)]) - 1

    def grouped(self, results: Sequence[Array]) -> tuple[list[Array], list[Array]]:
        """Those of the results that are in groups, by segment, and the numbers of these."""
        docs, groups = [], []
        for own, found in zip(self._places, results, strict=True):
            places = own[found]
            members = (places >= 0).nonzero()[0]
            docs.append(found[members])
            groups.append(self._numbers[places[members]])
        return docs, groups

    def similar(
        self, results: Sequence[Array], place: tuple[int, int] | None
    ) -> list[Array]:
        """Those of the results that are the document of a segment, or in one group with it."""
        if place is None:
            return [docs[:0] for docs in results]
        segment, doc = place
        member = int(self._places[segment][doc])
        if member < 0:
            return [
                docs[(docs == doc) & (number == segment)]
                for number, docs in enumerate(results)
            ]
        group = np.append(self._numbers == self._numbers[member], False)
        return [
            docs[group[own[docs]]]
            for own, docs in zip(self._places, results, strict=True)
        ]


class CopiesNarrowing(Narrowing):
    """The results of a search that folds near-copies, or asks for those of one document.

    ``similar`` is the segment and the number of that one, None where there is none.
    """

    def __init__(
        self,
        evaluations: Sequence[Evaluation],
        request: SearchRequest,
        values: Callable[[str], Values],
        months: Months,
        copies: Copies,
        similar: tuple[int, int] | None,
    ) -> None:
        super().__init__(evaluations, request, values, months)
        self._request = request
        self._copies = copies
        self._similar = similar
        self._grouped: dict[frozenset[str], tuple[list[Array], list[Array]]] = {}

    def results(self, free: Iterable[str] = ()) -> list[Array]:
        """The documents, ascending, by segment, that pass all filters but those named ``free``."""
        results = super().results(free)
        if self._request.similar:
            results = self._copies.similar(results, self._similar)
        return results

    def count(self, facet: str) -> tuple[FacetCount, ...]:
        """The values of a facet with their counts: of groups that have one, if they are folded."""
        counts = super().count(facet)
        if not self._request.fold or not counts:
            return counts
        names = {"year", "month"} if facet == "year" else {facet}
        free = frozenset(self._request.filters) & names
        if free not in self._grouped:  # most facets have no filter of their own
            self._grouped[free] = self._copies.grouped(self.results(free))
        repeated = self._repeated(facet, *self._grouped[free])
        folded = [
            FacetCount(value, count - repeated.get(value, 0)) for value, count in counts
        ]
        if facet not in ("year", "month"):
            folded.sort(key=lambda each: (-each.count, each.value))
        return tuple(folded)

    def _repeated(
        self, facet: str, docs: Sequence[Array], groups: Sequence[Array]
    ) -> dict[str, int]:
        """By value of a facet, how many documents have it that an earlier one of their group has."""
        found, owners = [], []
        for number, (segment, own) in enumerate(zip(self._segments, docs, strict=True)):
            if facet in ("year", "month"):
                found.append(segment.documents.months[own])
                owners.append(groups[number])
            else:
                field = segment.keywords[facet]
                found.append(self._values(facet).numbers[number][field.chosen(own)])
                owners.append(np.repeat(groups[number], field.lengths[own]))
        values = np.concatenate(found).astype(np.int64)
        if facet == "year":
            values //= MONTHS
        size = int(values.max(initial=0)) + 1
        pairs = np.sort(np.concatenate(owners) * size + values)
        again = pairs[1:][pairs[1:] == pairs[:-1]] % size
        counts = np.bincount(again)
        numbers = counts.nonzero()[0]
        names = [self._name(facet, number) for number in numbers.tolist()]
        return dict(zip(names, counts[numbers].tolist(), strict=True))

    def _name(self, facet: str, number: int) -> str:
        if facet == "year":
            return f"{number:04}" if number else UNDATED
        if facet == "month":
            return f"{number // MONTHS:04}-{number % MONTHS:02}"
        return self._values(facet).values[number]
