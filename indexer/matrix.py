"""Several searches by period, side by side: one a line, each with its own counts or its own fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.engine import Engine
from indexer.errors import QueryError
from indexer.periods import Period, count_between, periods_between
from indexer.query import parse_query
from indexer.search import IndexInfo, SearchRequest
from indexer.timeline import Tally, Timeline

#: The most lines of a matrix.
LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line, counted from 1 as it was written, with its ``timeline`` or with its ``error``."""

    number: int
    text: str
    request: SearchRequest | None = None
    timeline: Timeline | None = None
    error: QueryError | None = None

    @property
    def tallies(self) -> dict[str, Tally]:
        """What was counted by period; a period that is not there is a gap."""
        if self.timeline is None:
            return {}
        names, whole = self.timeline.periods, self.timeline.whole
        return dict(zip(names, whole.periods, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The rows, and the periods from the ``first`` to the ``last`` of any of them ("" for none)."""

    period: Period
    first: str
    last: str
    rows: tuple[Row, ...]
    index: IndexInfo

    @property
    def size(self) -> int:
        """How many periods there are."""
        return count_between(self.first, self.last)

    def periods(self) -> Iterator[str]:
        """Their names, in order."""
        return periods_between(self.first, self.last)


def written_lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers. ValueError where they are too many."""
    lines = [(n, each.strip()) for n, each in enumerate(text.splitlines(), 1)]
    lines = [(n, each) for n, each in lines if each]
    if len(lines) > LINES:
        raise ValueError(
            f"These are {len(lines)} lines: {LINES} at most can be counted at once, so leave out "
            f"{len(lines) - LINES}."
        )
    return lines


def matrix(
    engine: Engine,
    lines: list[tuple[int, str]],
    request: SearchRequest,
    period: Period,
) -> Matrix:
    """Count each line (number and query) within the dates and filters of ``request``.

    A line that cannot be read costs no other; the counts are all of one generation.
    """
    rows = [_read(number, text, request) for number, text in lines]
    asked = [row.request for row in rows if row.request]
    counted = iter(engine.timelines(asked, period=period))
    rows = [replace(r, timeline=next(counted)) if r.request else r for r in rows]
    known = [row.timeline for row in rows if row.timeline and row.timeline.first]
    return Matrix(
        period=period,
        first=min((each.first for each in known), default=""),
        last=max((each.last for each in known), default=""),
        rows=tuple(rows),
        index=next((r.timeline.index for r in rows if r.timeline), engine.info()),
    )


def _read(number: int, text: str, request: SearchRequest) -> Row:
    try:
        asked = replace(request, query=parse_query(text))
    except QueryError as error:
        return Row(number=number, text=text, error=error)
    return Row(number=number, text=text, request=asked)
