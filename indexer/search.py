"""What goes into a search and what comes out: plain frozen values that every edge shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from indexer.dates import DateRange
from indexer.query import EVERYTHING, Query
from indexer.statement import Statement

#: Facets and filters by name. ``year`` is "2025" or "undated", ``month`` is "2025-07".
FACETS = ("year", "month", "source", "kind", "language", "country", "speaker", "place")
UNDATED = "undated"


class Sort(Enum):
    """The order of hits; ties go by date, the newest first, then by id. Undated ones come last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search.

    ``dates`` and ``filters`` narrow the query: ``filters`` maps a name of ``FACETS`` to values of
    which a statement must have one, exactly. ``offset`` and ``limit`` cut the hits, never totals or
    facets. ``snippets`` is the most snippets a hit carries. ``uses`` asks for first and last use.
    ``fold`` leaves, of statements found that are near-copies of each other, the earliest alone.
    ``similar`` leaves the statement with this id and its near-copies.
    """

    query: Query = EVERYTHING
    dates: DateRange | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ("year", "month", "source", "kind", "language")
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    snippets: int = 3
    uses: bool = False
    fold: bool = False
    similar: str = ""


class Snippet(NamedTuple):
    """Plain text and the ranges (start, end) in it that matched; escape it where it is shown.

    ``opens`` and ``closes`` say whether it begins and ends with a sentence, or is cut there.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    opens: bool = True
    closes: bool = True


class Marked(NamedTuple):
    """A whole statement with everything in it that matched.

    ``occurrences`` counts as that of a Hit does: where matches overlap, it is more than the marks.
    """

    title: Snippet
    text: Snippet
    occurrences: int


class FacetCount(NamedTuple):
    """How many statements of the result have this value."""

    value: str
    count: int  # type: ignore[assignment]  # a tuple's own count is not missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A statement that matched, without its text unless all hits are asked for.

    ``occurrences`` counts the matches in text and headline: a phrase is one match. ``more`` is how
    many other statements found are folded under this one.
    """

    statement: Statement
    score: float
    title: Snippet
    snippets: tuple[Snippet, ...]
    occurrences: int
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """Which index answered; ``built_at`` is ISO 8601 in UTC, ``fingerprint`` the corpus's."""

    generation: int
    statements: int
    tokens: int
    built_at: str
    fingerprint: str


class Searched(NamedTuple):
    """Statements, and the days from the first to the last that their dates may mean.

    ``days`` is None where none is dated; else both of its ends are days.
    """

    statements: int
    days: DateRange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often, and from when to when, a whole result says what was looked for.

    ``occurrences`` is the sum of those of all hits. ``first`` and ``last`` are the first dated hits
    in the order of Sort.OLDEST and Sort.NEWEST, without their texts; None where none is dated.
    ``silence`` is the longest run of days between them that no hit's date may mean (the first of
    several as long), None where there is none.

    ``searched`` are the statements that the query's own dates and fields and the request's narrow
    the search to, whatever they say; ``silent`` how many of them are dated within ``silence``.
    """

    occurrences: int
    first: Statement | None
    last: Statement | None
    silence: DateRange | None
    silent: int
    searched: Searched


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """Hits of one page, with the total and the facet counts of the whole result.

    A facet's counts ignore its own filter, those of ``year`` also that of ``month``.
    Values come in order of count, those of ``year`` and ``month`` in order of time.
    Where near-copies are folded, a group of them counts once: once in a facet for each value that
    one of its statements found has. ``statements`` is the total without folding. ``uses``, None
    where the request did not ask for it, is of all statements, whether they are folded or not.
    """

    total: int
    statements: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    index: IndexInfo
    uses: Uses | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllHits:
    """Every hit of a search, its statement whole, one after the other, to be gone through once."""

    total: int
    hits: Iterator[Hit]
    index: IndexInfo
