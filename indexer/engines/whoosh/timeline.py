"""Results by period, counted over whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import starmap
from typing import NamedTuple

import numpy as np

from indexer import deadline
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.segment import TEXT_FIELDS, Segment
from indexer.periods import Period
from indexer.timeline import MOST, Series, Tally

# The ordinal of NumPy's day 0, its units, and the longest a date may last to be within one.
_EPOCH = 719_163
_UNITS = {Period.YEAR: "Y", Period.MONTH: "M", Period.DAY: "D"}
_LASTS = {Period.YEAR: 366, Period.MONTH: 31, Period.DAY: 1}


class _Placed(NamedTuple):
    """For each document whether its date is known, and is precise enough; the periods of those."""

    dated: Array
    precise: Array
    periods: Array


def reach(
    segments: Sequence[Segment], docs: Sequence[Array], period: Period
) -> tuple[str, str]:
    """The first and the last period that documents (by segment) are dated in; "" if none is."""
    periods = _place(segments, docs, period).periods
    if not len(periods):
        return "", ""
    first, last = _names(np.array([periods.min(), periods.max()]), period)
    return first, last


class Counting:
    """The counts of documents that are ``searched``, some of which are ``found``.

    Documents ascend, by segment; ``occurrences`` are those of the documents found.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        searched: Sequence[Array],
        found: Sequence[Array],
        occurrences: Sequence[Array],
        period: Period,
    ) -> None:
        self._segments = segments
        self._searched = searched
        self._found = _joined(
            _spread(segments, found, [d >= 0 for d in found]), searched
        )
        self._occurrences = _joined(_spread(segments, found, occurrences), searched)
        words = [_words(segment) for segment in segments]
        self._words = _joined(words, searched)
        placed = _place(segments, searched, period)
        present, numbers = np.unique(placed.periods, return_inverse=True)
        self.names = _names(present, period)
        # After the periods one slot for what is imprecise, and one for the undated.
        self._slots = np.full(len(placed.dated), len(present) + 1)
        self._slots[placed.dated] = len(present)
        self._slots[placed.precise] = numbers

    @cached_property
    def whole(self) -> Series:
        """The counts of all."""
        return self._series("", np.ones(len(self._slots), bool))

    def broken_down(self, by: str, known: Values) -> tuple[tuple[Series, ...], Series]:
        """The most frequent values of a keyword field, and what has none of them."""
        fields = [segment.keywords[by] for segment in self._segments]
        rest = np.ones(len(self._slots), bool)
        parts = []
        for number in self._most(by, known):
            masks = []
            for field, numbers, segment in zip(
                fields, known.numbers, self._segments, strict=True
            ):
                mask = np.zeros(len(segment), bool)
                mask[field.docs((numbers == number).nonzero()[0].tolist())] = True
                masks.append(mask)
            chosen = _joined(masks, self._searched).astype(bool)
            rest &= ~chosen
            parts.append(self._series(known.values[number], chosen))
        return tuple(parts), self._series("", rest)

    def _most(self, by: str, known: Values) -> list[int]:
        """The values that most documents found have, else most of those searched, else the least."""
        counts = np.zeros((2, len(known.values)), np.int64)
        start = 0
        for segment, numbers, docs in zip(
            self._segments, known.numbers, self._searched, strict=True
        ):
            found = docs[self._found[start : start + len(docs)].nonzero()[0]]
            for row, chosen in enumerate((found, docs)):
                own = np.bincount(segment.keywords[by].chosen(chosen))
                counts[row, numbers[: len(own)]] += own
            start += len(docs)
        order = np.lexsort((-counts[1], -counts[0]))
        most: list[int] = order[counts[1][order] > 0][:MOST].tolist()
        return most

    def _series(self, name: str, chosen: Array) -> Series:
        """The counts of some of the documents searched."""
        deadline.check()
        slots = self._slots[chosen]
        columns = (self._found, self._occurrences, None, self._words)
        size = len(self.names) + 2
        sums = [
            np.bincount(slots, None if c is None else c[chosen], size).astype(np.int64)
            for c in columns
        ]
        tallies = tuple(starmap(Tally, zip(*(s.tolist() for s in sums), strict=True)))
        return Series(
            name=name,
            total=Tally(*(int(s.sum()) for s in sums)),
            periods=tallies[:-2],
            imprecise=tallies[-2],
            undated=tallies[-1],
        )


def _place(
    segments: Sequence[Segment], docs: Sequence[Array], period: Period
) -> _Placed:
    """Where the documents, put one after the other, are in time."""
    first = _joined([s.documents.first_day for s in segments], docs).astype(np.int64)
    last = _joined([s.documents.last_day for s in segments], docs).astype(np.int64)
    dated = first > 0
    precise = dated & (last - first < _LASTS[period])
    days = (first[precise] - _EPOCH).astype("datetime64[D]")
    return _Placed(
        dated, precise, days.astype(f"datetime64[{_UNITS[period]}]").view(np.int64)
    )


def _names(periods: Array, period: Period) -> tuple[str, ...]:
    stamps = periods.astype(np.int64).view(f"datetime64[{_UNITS[period]}]")
    return tuple(np.datetime_as_string(stamps).tolist())


def _words(segment: Segment) -> Array:
    """How many tokens each document has."""
    words = np.zeros(len(segment), np.int64)
    for name in TEXT_FIELDS:
        words += segment.texts[name].lengths
    return words


def _spread(
    segments: Sequence[Segment], docs: Sequence[Array], values: Sequence[Array]
) -> list[Array]:
    """Values of some documents as those of all, 0 where there is none."""
    spread = []
    for segment, chosen, own in zip(segments, docs, values, strict=True):
        every = np.zeros(len(segment), np.int64)
        every[chosen] = own
        spread.append(every)
    return spread


def _joined(columns: Sequence[Array], docs: Sequence[Array]) -> Array:
    """What each segment's column has for its documents, one after the other."""
    parts = [column[chosen] for column, chosen in zip(columns, docs, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *parts])
