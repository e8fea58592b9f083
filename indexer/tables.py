"""Timelines and matrices as CSV and JSON, line by line.

Each tells the query in its canonical text, the generation of the index, the fingerprint of the
corpus and the time: JSON at its head, CSV in the last columns of each line. Rates have as many
figures as one may want to cut; the counts that they are made of stand beside them.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from indexer.answer import canonical, index_object, interpretation, only
from indexer.matrix import Matrix, Row
from indexer.periods import periods_between
from indexer.search import IndexInfo, SearchRequest
from indexer.sheet import line
from indexer.timeline import PER_STATEMENTS, PER_WORDS, Series, Tally, Timeline

#: The names of what no period holds.
IMPRECISE, UNDATED = "not precise enough", "undated"

#: What a series is of: all statements, those with a value, or those with none that has a series.
Part = Literal["all", "value", "the rest"]

_NOTHING = Tally()
_TALLY = (
    *("statements", "occurrences", "searched_statements", "searched_words"),
    *("statements_per_100_statements", "occurrences_per_10000_words"),
)
_ORIGIN = ("query", "filters", "generation", "fingerprint", "exported_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineTable:
    """A timeline that answered ``request``, at ``made`` (UTC)."""

    request: SearchRequest
    timeline: Timeline
    made: datetime.datetime

    @property
    def series(self) -> Iterator[tuple[Part, Series]]:
        """All series, with what each is of: "all", a "value", or "the rest"."""
        yield "all", self.timeline.whole
        for part in self.timeline.parts:
            yield "value", part
        if self.timeline.rest:
            yield "the rest", self.timeline.rest

    def rows(self, series: Series) -> Iterator[tuple[str, Tally]]:
        """Every period with its counts, the gaps among them, and then what none of them holds."""
        known = dict(zip(self.timeline.periods, series.periods, strict=True))
        for name in periods_between(self.timeline.first, self.timeline.last):
            yield name, known.get(name, _NOTHING)
        yield IMPRECISE, series.imprecise
        yield UNDATED, series.undated


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixTable:
    """A matrix of searches that share all of ``request`` but the query, made at ``made`` (UTC).

    ``count`` is what a CSV tells of each: a name of ``indexer.timeline.COUNTS``.
    """

    request: SearchRequest
    matrix: Matrix
    count: str
    made: datetime.datetime


def timeline_csv(table: TimelineTable) -> Iterator[str]:
    """A line for each period of each series; a gap has 0 searched, and no rates."""
    timeline = table.timeline
    origin = (
        canonical(table.request),
        *_origin(table.request, timeline.index, table.made),
    )
    yield line(("series", timeline.by or "value", "period", *_TALLY, *_ORIGIN))
    for what, series in table.series:
        for name, tally in table.rows(series):
            yield line((what, series.name, name, *tally, *_rates(tally), *origin))


def timeline_json(table: TimelineTable) -> Iterator[str]:
    """One object: what holds for all, and ``series``."""
    timeline = table.timeline
    head = {
        "query": canonical(table.request),
        "interpreted": interpretation(table.request),
        **_head(table.request, timeline.index, table.made),
        "period": timeline.period.value,
        "by": timeline.by,
        "first": timeline.first,
        "last": timeline.last,
    }
    yield f'{_json(head).removesuffix("}")}, "series": ['
    for number, (what, series) in enumerate(table.series):
        about = {"of": what, "value": series.name, "total": series.total._asdict()}
        yield f'{"," if number else ""}\n{_json(about).removesuffix("}")}, "periods": ['
        for place, (name, tally) in enumerate(table.rows(series)):
            yield f'{"," if place else ""}\n{_json({"period": name} | tally._asdict())}'
        yield "\n]}"
    yield "\n]}\n"


def matrix_csv(table: MatrixTable) -> Iterator[str]:
    """A line for each search and a column for each period, empty where nothing was searched."""
    matrix = table.matrix
    periods = tuple(matrix.periods())
    yield line(
        (
            "line",
            "search",
            "total",
            *periods,
            IMPRECISE,
            UNDATED,
            "error",
            "counted",
            *_ORIGIN,
        )
    )
    for row in matrix.rows:
        request = row.request or table.request
        origin = _origin(request, matrix.index, table.made)
        query = canonical(row.request) if row.request else ""
        cells = _cells(row, periods, table.count)
        error = _error(row)
        yield line((row.number, row.text, *cells, error, table.count, query, *origin))


def matrix_json(table: MatrixTable) -> Iterator[str]:
    """One object: what holds for all, and ``rows``; a gap has 0 searched."""
    matrix = table.matrix
    head = {
        **_head(table.request, matrix.index, table.made),
        "period": matrix.period.value,
        "first": matrix.first,
        "last": matrix.last,
    }
    yield f'{_json(head).removesuffix("}")}, "rows": ['
    for number, row in enumerate(matrix.rows):
        yield f'{"," if number else ""}\n{_json(_row_object(row, matrix))}'
    yield "\n]}\n"


#: What writes each form, with its media type.
TIMELINE_FORMS: Mapping[str, tuple[str, Callable[[TimelineTable], Iterator[str]]]] = {
    "csv": ("text/csv", timeline_csv),
    "json": ("application/json", timeline_json),
}
MATRIX_FORMS: Mapping[str, tuple[str, Callable[[MatrixTable], Iterator[str]]]] = {
    "csv": ("text/csv", matrix_csv),
    "json": ("application/json", matrix_json),
}


def _row_object(row: Row, matrix: Matrix) -> dict[str, object]:
    about: dict[str, object] = {"line": row.number, "search": row.text}
    if row.error:
        position = row.error.position
        return about | {"error": str(row.error), "position": position}
    assert row.request and row.timeline
    whole, known = row.timeline.whole, row.tallies
    return about | {
        "query": canonical(row.request),
        "interpreted": interpretation(row.request),
        "total": whole.total._asdict(),
        "periods": [
            {"period": name} | known.get(name, _NOTHING)._asdict()
            for name in matrix.periods()
        ],
        "imprecise": whole.imprecise._asdict(),
        "undated": whole.undated._asdict(),
    }


def _cells(row: Row, periods: tuple[str, ...], count: str) -> list[object]:
    if row.timeline is None:
        return [""] * (len(periods) + 3)
    whole, known = row.timeline.whole, row.tallies
    tallies = [known.get(name, _NOTHING) for name in periods]
    return [
        getattr(whole.total, count),
        *(getattr(each, count) if each.searched else "" for each in tallies),
        getattr(whole.imprecise, count),
        getattr(whole.undated, count),
    ]


def _error(row: Row) -> str:
    if not row.error:
        return ""
    return f"{row.error} (at character {row.error.position + 1})"


def _rates(tally: Tally) -> Iterator[object]:
    for measure in (PER_STATEMENTS, PER_WORDS):
        rate = measure.of(tally)
        yield "" if rate is None else round(rate, 6)


def _origin(
    request: SearchRequest, index: IndexInfo, made: datetime.datetime
) -> tuple[object, ...]:
    stamp = made.isoformat(timespec="seconds")
    return only(request), index.generation, index.fingerprint, stamp


def _head(
    request: SearchRequest, index: IndexInfo, made: datetime.datetime
) -> dict[str, object]:
    return {
        "filters": {name: list(values) for name, values in request.filters.items()},
        "dates": str(request.dates) if request.dates else "",
        "index": index_object(index),
        "exported_at": made.isoformat(timespec="seconds"),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
