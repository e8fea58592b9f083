"""What a site over FTS5 tells of everything that a search found, wherever it has it from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from indexer.dates import DateRange
from indexer.search import FacetCount, IndexInfo, Searched, SearchRequest
from tests.bench.peers.base import date_of

#: A FacetCount of a pair, of which a page has some hundred.
facet_count = partial(tuple.__new__, FacetCount)


class Told(NamedTuple):
    """All but hits and matches; ``first`` and ``last`` are rowids."""

    total: int
    facets: Mapping[str, tuple[FacetCount, ...]]
    first: int | None
    last: int | None
    silence: DateRange | None
    silent: int
    searched: Searched


class Facts(Protocol):
    """What is known of statements beside their words."""

    #: What SQLite is asked of the rows ``r`` of ``found``: tables behind a comma, if there have to
    #: be any, then a select of three columns. ``:first`` and ``:last`` are the ends of the search.
    asked: str

    def tell(
        self, rows: Sequence[Any], request: SearchRequest, info: IndexInfo
    ) -> Told:
        """What it answered, made into what a page says."""


def day_range(first: int | None, last: int | None) -> DateRange | None:
    """From one day to another, None where there is none."""
    return DateRange(date_of(first), date_of(last)) if first and last else None
