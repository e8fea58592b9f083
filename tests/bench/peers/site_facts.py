"""The arrays of a site over FTS5, by which NumPy counts what a search found.

A row is found in them by its rowid, which is a statement's day and its number among those of the day.
For each row they take 0.1 µs for all five facets, and 0.01 for the silence. Every date is a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.dates import DateRange
from indexer.search import UNDATED, FacetCount, Searched
from tests.bench.peers.site_finding import BITS
from tests.bench.peers.site_told import day_range, facet_count

#: Days of 1970 on, as NumPy counts them, for those of Python.
_EPOCH = 719_163


class Label(NamedTuple):
    """What a statement is, but for its day."""

    source: str
    kind: str
    language: str


class Counts:
    """Of one generation: statements in the order of their rowids, undated ones first.

    ``numbers`` say which of ``labels`` each has.
    """

    def __init__(
        self,
        generation: int,
        rows: np.ndarray,
        numbers: np.ndarray,
        labels: Sequence[Label],
    ) -> None:
        order = np.argsort(rows)
        self.generation = generation
        self.rows, self._numbers = rows[order], numbers[order]
        days = self.rows >> BITS
        dated = days[days > 0]
        first, last = (int(dated[0]), int(dated[-1])) if len(dated) else (1, 0)
        self._before = first - 1
        # How many statements come before each day; undated ones are of one before the first.
        sizes = np.bincount(self._places(days), minlength=last - first + 2)
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        since = np.arange(first - _EPOCH, last + 1 - _EPOCH).astype("datetime64[D]")
        months = since.astype("datetime64[M]")
        # One each, as there is a day of each.
        self._month_names = np.unique(months).astype(str).tolist()
        self._months = np.zeros(len(sizes), np.intp)
        if len(months):
            self._months[1:] = (months - months[0]).astype(np.intp) + 1
        self._values = {
            name: np.unique(
                [each[place] for each in labels] or [""], return_inverse=True
            )
            for place, name in enumerate(Label._fields)
        }

    def grown(
        self,
        generation: int,
        rows: np.ndarray,
        numbers: np.ndarray,
        labels: Sequence[Label],
    ) -> Counts:
        """With those that were published since."""
        return Counts(
            generation,
            np.concatenate([self.rows, rows]),
            np.concatenate([self._numbers, numbers]),
            labels,
        )

    def _places(self, days: np.ndarray) -> np.ndarray:
        return np.maximum(days - self._before, 0)

    def within(self, days: tuple[int, int] | None) -> Searched:
        """How many statements there are from one day to another, and of which days."""
        first, last = days or (1, len(self._starts) + self._before)
        places = np.clip([first - self._before, last + 1 - self._before], 1, None)
        start, end = self._starts[np.minimum(places, len(self._starts) - 1)].tolist()
        count = end - start if days else len(self.rows)
        if start == end:
            return Searched(count, None)
        ends = self.rows[[start, end - 1]] >> BITS
        return Searched(count, day_range(*ends.tolist()))

    def silence(self, found: np.ndarray) -> tuple[DateRange | None, int]:
        """The longest run of days between those of rows, and the statements that have these."""
        days = found >> BITS
        days = days[np.searchsorted(days, 1) :]
        gaps = np.diff(days)
        if not len(gaps) or gaps.max() < 2:
            return None, 0
        place = int(gaps.argmax())
        first, last = int(days[place]) + 1, int(days[place + 1]) - 1
        return day_range(first, last), self.within((first, last)).statements

    def facets(
        self, found: np.ndarray, asked: Sequence[str]
    ) -> dict[str, tuple[FacetCount, ...]]:
        """The counts of rows, those of time in its order, others by count."""
        places = self._places(found >> BITS)
        among_its_day = found & ((1 << BITS) - 1)
        numbers = self._numbers[self._starts[places] + among_its_day]
        counted = self._by_time(places) | self._by_value(np.bincount(numbers))
        return {name: tuple(map(facet_count, counted.get(name, ()))) for name in asked}

    def _by_value(self, counts: np.ndarray) -> dict[str, list[tuple[str, int]]]:
        """From the counts of labels; "" is no value."""
        counted = {}
        for name, (values, places) in self._values.items():
            sums = np.bincount(places[: len(counts)], counts).astype(np.intp)
            order = np.argsort(-sums, kind="stable")
            order = order[(sums[order] > 0) & (values[order] != "")]
            counted[name] = list(
                zip(values[order].tolist(), sums[order].tolist(), strict=True)
            )
        return counted

    def _by_time(self, places: np.ndarray) -> dict[str, list[tuple[str, int]]]:
        """Months, and years with those that are undated behind them."""
        counts = np.bincount(self._months[places], minlength=1)
        months = [
            (self._month_names[place], count)
            for place, count in zip(
                counts[1:].nonzero()[0].tolist(),
                counts[1:][counts[1:] > 0].tolist(),
                strict=True,
            )
        ]
        years: Counter[str] = Counter()
        for month, count in months:
            years[month[:4]] += count
        if counts[0]:
            years[UNDATED] = int(counts[0])
        return {"month": months, "year": list(years.items())}
