"""A result over time, beside all that was searched: what an engine counts, as plain values.

What is known of a date decides where a statement counts. One that is known by its year alone is in
no month, and one known by its month is on no day; such, and the undated, are counted apart, so that
all counts of a series add up to its total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from indexer.periods import Period
from indexer.search import IndexInfo

#: What a timeline can be broken down by.
BY = ("source", "country", "language")

#: What a Measure counts, and what it sets that against.
COUNTS = ("statements", "occurrences")
PER = ("", "statements", "words")

#: So many values have a series of their own.
MOST = 5


class Tally(NamedTuple):
    """Counts of one period.

    ``statements`` are found, ``occurrences`` how often they say it; ``searched`` are all statements
    that the search looks into, whatever they say, ``words`` their tokens in headline and text.
    Where nothing is ``searched`` there is nothing to be silent: a gap, which is not the same as 0.
    """

    statements: int = 0
    occurrences: int = 0
    searched: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """What is told of a tally: ``count`` is one of ``COUNTS``, ``per`` one of ``PER``."""

    count: str = "statements"
    per: str = ""

    def of(self, tally: Tally) -> float | None:
        """The count itself, or for each 100 statements or 10,000 words searched.

        None where there are none of these.
        """
        found = tally.statements if self.count == "statements" else tally.occurrences
        if not self.per:
            return found if tally.searched else None
        whole, size = (
            (tally.searched, 100) if self.per == "statements" else (tally.words, 10_000)
        )
        return found * size / whole if whole else None


#: Rates that are told beside the counts wherever there is room.
PER_STATEMENTS = Measure("statements", "statements")
PER_WORDS = Measure("occurrences", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The counts of all statements, or of those with one value (``name``; else "").

    ``periods`` stand for those of the timeline, one for each. ``imprecise`` are the statements
    whose date is not precise enough for its periods. ``total`` is the sum of all of them.
    """

    name: str = ""
    total: Tally
    periods: tuple[Tally, ...]
    imprecise: Tally
    undated: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A search by period.

    ``first`` and ``last`` are the first and the last period of the corpus within the dates that
    the search is narrowed to, "" where nothing in it is dated so precisely. ``periods`` names in
    order those in which anything was searched: the others between ``first`` and ``last`` are gaps.

    ``parts`` are series of the ``MOST`` values of ``by`` that are found in most statements (else
    searched in most, else the least), ``rest`` that of the statements with none of these. A
    statement with several values (countries) counts in each of their series.
    """

    period: Period
    by: str | None
    first: str
    last: str
    periods: tuple[str, ...]
    whole: Series
    parts: tuple[Series, ...]
    rest: Series | None
    index: IndexInfo
