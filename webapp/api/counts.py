"""Searches counted over time: one of them, or several side by side."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from indexer.answer import canonical, index_object, interpretation, understood
from indexer.matrix import Row
from indexer.query import notices
from indexer.timeline import Tally
from webapp import matrices, timelines
from webapp.api import shapes
from webapp.api.route import Reply, version
from webapp.counting import Counting


def timeline(args: MultiDict[str, str]) -> Reply:
    """A whole result by year, month or day, beside how much was searched."""
    params = Counting.from_args(args)
    table = timelines.counted(params)
    counted = table.timeline
    series: list[shapes.Series] = [
        {
            "of": what,
            "value": each.name,
            "total": _tally(each.total),
            "periods": _periods(zip(counted.periods, each.periods, strict=True)),
            "imprecise": _tally(each.imprecise),
            "undated": _tally(each.undated),
        }
        for what, each in table.series
    ]
    found: shapes.Timeline = {
        **understood(params.text, table.request, notices(params.text)),
        "period": counted.period.value,
        "by": counted.by,
        "first": counted.first or None,
        "last": counted.last or None,
        "series": series,
        "index": index_object(counted.index),
    }
    return Reply(found, version(counted.index))


def matrix(args: MultiDict[str, str]) -> Reply:
    """Up to 50 searches by year, month or day, side by side."""
    counted = matrices.counted(Counting.from_args(args))
    found: shapes.Matrix = {
        "period": counted.period.value,
        "first": counted.first or None,
        "last": counted.last or None,
        "rows": [_row(row) for row in counted.rows],
        "index": index_object(counted.index),
    }
    return Reply(found, version(counted.index))


def _row(row: Row) -> shapes.Row:
    about: shapes.Row = {"line": row.number, "search": row.text}
    if row.error:
        return {**about, "error": str(row.error), "position": row.error.position}
    assert row.request and row.timeline
    whole = row.timeline.whole
    return {
        **about,
        "canonical": canonical(row.request),
        "interpreted": interpretation(row.request),
        "total": _tally(whole.total),
        "periods": _periods(row.tallies.items()),
        "imprecise": _tally(whole.imprecise),
        "undated": _tally(whole.undated),
    }


def _periods(tallies: Iterable[tuple[str, Tally]]) -> list[shapes.Period]:
    return [{"period": name, **_tally(tally)} for name, tally in tallies]


def _tally(tally: Tally) -> shapes.Tally:
    return {
        "statements": tally.statements,
        "occurrences": tally.occurrences,
        "searched": tally.searched,
        "words": tally.words,
    }
