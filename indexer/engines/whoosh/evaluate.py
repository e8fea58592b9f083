"""A query on one segment, whole arrays at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import reduce
from operator import and_, or_

import numpy as np

from indexer import deadline
from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.leaves import Leaf, Leaves, Sought
from indexer.engines.whoosh.segment import TEXT_FIELDS, Segment
from indexer.query import (
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)

# A look-up among so many times as many documents is a bisection, not a mask.
_FEW = 16

FILTERS = {"lang": "language"}
_WHOLE_VALUES = ("source", "kind", "lang")


class Evaluation:
    """One segment's answers to the parts of one query; what was computed is kept.

    With ``days`` only documents dated within them exist, whatever their date may mean.
    """

    def __init__(
        self,
        segment: Segment,
        alive: Array | None,
        language: str,
        days: DateRange | None = None,
    ) -> None:
        self.segment = segment
        self._alive = alive
        self._range = None
        if days:
            self._range = _range(segment, days)
            if days.last:
                last = days.last.toordinal()
                self._alive = _ending(segment, alive, self._range, last)
        fields = segment.texts
        if self._range:
            fields = {name: f.within(*self._range) for name, f in fields.items()}
        self.leaves = Leaves(fields, len(segment), language)

    def __len__(self) -> int:
        """How many documents there are."""
        first, last = self._range or (0, len(self.segment))
        if self._alive is None:
            return last - first
        return int(np.count_nonzero(self._alive[first:last]))

    def count(self, docs: Array) -> int:
        """How many of the documents are not deleted."""
        if self._alive is None:
            return len(docs)
        return int(np.count_nonzero(self._alive[docs]))

    def docs(self, query: Query) -> Array:
        """The documents that match, ascending, without deleted ones (intp)."""
        if not len(self):
            return np.empty(0, np.intp)
        found = self._docs(query)
        if self._range:
            first, last = self._range
            first = bisect_left(found.data, first)
            found = found[first : bisect_left(found.data, last, first)]
        return found if self._alive is None else found[self._alive[found].nonzero()[0]]

    def _docs(self, query: Query) -> Array:
        match query:
            case Term() | Phrase() | Prefix() | Fuzzy() | Near() | Paragraph():
                return self.leaves.postings(Sought(query, TEXT_FIELDS)).docs
            case And(parts):
                # From the rarest leaf on, what is left is looked up in the other parts.
                lists = [self._docs(part) for part in parts if isinstance(part, Leaf)]
                others = [part for part in parts if not isinstance(part, Leaf)]
                if lists:
                    docs, *longer = sorted(lists, key=len)
                    for found in longer:
                        docs = docs[self._are_among(docs, found).nonzero()[0]]
                    for part in others:
                        docs = docs[self.mask(part).take(docs).nonzero()[0]]
                    return docs
        found = self.mask(query).nonzero()[0]
        return found

    def mask(self, query: Query, fields: tuple[str, ...] = TEXT_FIELDS) -> Array:
        """Which documents match, the deleted ones among them."""
        match query:
            case Everything():
                return np.ones(len(self.segment), bool)
            case And(parts):
                return reduce(and_, [self.mask(part, fields) for part in parts])
            case Or(parts):
                leaves = [part for part in parts if isinstance(part, Leaf)]
                others = [part for part in parts if not isinstance(part, Leaf)]
                found = [
                    self.leaves.postings(Sought(leaf, fields)).docs for leaf in leaves
                ]
                masks = [self.mask(part, fields) for part in others]
                return reduce(or_, masks, self.among(*found))
            case Not(part):
                return ~self.mask(part, fields)
            case Field(name, part) if name in TEXT_FIELDS:
                return self.mask(part, (name,))
            case Field(name, part):
                return self._with_value(name, part)
            case Dates(days):
                return self.dated(days)
        return self.among(self.leaves.postings(Sought(query, fields)).docs)

    def among(self, *lists: Array) -> Array:
        """Which documents are in one of the lists."""
        mask = np.zeros(len(self.segment), bool)
        for docs in lists:
            mask[docs] = True
        return mask

    def _are_among(self, docs: Array, others: Array) -> Array:
        """Which of the documents are among the others; both ascend, and ``docs`` is shorter."""
        if len(docs) * _FEW > len(others):
            return self.among(others).take(docs)
        if not len(docs):
            return docs
        place = np.searchsorted(others, docs)
        same: Array = others.take(place, mode="clip") == docs
        return same

    def dated(self, days: DateRange) -> Array:
        """Which documents are dated within the days, whatever their date may mean."""
        documents = self.segment.documents
        mask = documents.first_day >= (days.first.toordinal() if days.first else 1)
        if days.last:
            mask &= documents.last_day <= days.last.toordinal()
        return mask

    def _with_value(self, name: str, part: Query) -> Array:
        deadline.check()
        field = self.segment.keywords[FILTERS.get(name, name)]
        parts = part.parts if isinstance(part, Or) else (part,)
        phrases = [phrase.words for phrase in parts if isinstance(phrase, Phrase)]
        whole = name in _WHOLE_VALUES
        found = [
            value
            for value, words in enumerate(field.words)
            if any(words == p if whole else _within(p, words) for p in phrases)
        ]
        return self.among(field.docs(found))


def _range(segment: Segment, days: DateRange) -> tuple[int, int]:
    """The first document that begins within the days, and the one after the last."""
    first_day = segment.documents.first_day.data
    low = bisect_left(first_day, days.first.toordinal() if days.first else 1)
    if days.last is None:
        return low, len(segment)
    return low, bisect_right(first_day, days.last.toordinal(), low)


def _ending(
    segment: Segment, alive: Array | None, within: tuple[int, int], last: int
) -> Array | None:
    """Those alive without those that may be dated after the last day."""
    late = segment.documents.last_day[slice(*within)] > last
    if not late.any():
        return alive
    mask = np.ones(len(segment), bool) if alive is None else alive.copy()
    mask[slice(*within)] &= ~late
    return mask


def _within(words: tuple[str, ...], value: tuple[str, ...]) -> bool:
    size = len(words)
    return any(value[i : i + size] == words for i in range(len(value) - size + 1))
