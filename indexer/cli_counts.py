"""Searches counted by period on the command line: as a table, as CSV or as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import click

from indexer.answer import interpretation
from indexer.engine import Engine
from indexer.matrix import Matrix, matrix, written_lines
from indexer.outcomes import FAILURES, leave, sentence
from indexer.periods import Period
from indexer.search import SearchRequest
from indexer.tables import MATRIX_FORMS, TIMELINE_FORMS, MatrixTable, TimelineTable
from indexer.terminal import columns, plain
from indexer.timeline import PER_STATEMENTS, PER_WORDS, Tally

_HEADS = (
    *("statements", "occurrences", "searched", "words"),
    *("per 100", "per 10,000 words"),
)
_NONE = "–"


def timeline_lines(
    engine: Engine, request: SearchRequest, period: Period, by: str | None, form: str
) -> Iterator[str]:
    """A search by period, as a table, or in a form of TIMELINE_FORMS."""
    (timeline,) = engine.timelines([request], period=period, by=by)
    now = datetime.datetime.now(datetime.UTC)
    table = TimelineTable(request=request, timeline=timeline, made=now)
    if form:
        yield from TIMELINE_FORMS[form][1](table)
        return
    total = timeline.whole.total
    yield (
        f"{total.statements:,} statements, {total.occurrences:,} occurrences in "
        f"{total.searched:,} statements searched: {plain(interpretation(request))}\n"
    )
    series = [each for _, each in table.series]
    heads: Sequence[str] = _HEADS
    if by:
        names = [plain(part.name) for part in timeline.parts]
        heads = ("all", *names, "the rest")
    rows: list[list[str]] = [[period.value, *heads]]
    for together in zip(*map(table.rows, series), strict=True):
        tallies = [tally for _, tally in together]
        rows.append([together[0][0], *_told(tallies, by)])
    rows.append(["all", *_told([each.total for each in series], by)])
    yield from _aligned(rows)
    if by == "country":
        yield "A statement that names several countries counts for each of them.\n"


def matrix_lines(
    engine: Engine,
    queries: Sequence[str],
    request: SearchRequest,
    period: Period,
    form: str,
) -> Iterator[str]:
    """Several searches by period, as a table, or in a form of MATRIX_FORMS.

    Those that cannot be read are named behind the others, and end the command with a failure.
    """
    try:
        lines = written_lines("\n".join(" ".join(each.split()) for each in queries))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    found = matrix(engine, lines, request, period)
    if form:
        now = datetime.datetime.now(datetime.UTC)
        table = MatrixTable(request=request, matrix=found, count="statements", made=now)
        yield from MATRIX_FORMS[form][1](table)
    else:
        yield from _aligned(_matrix_rows(found))
    wrong = [(row.number, row.error) for row in found.rows if row.error]
    for number, reason in wrong:
        click.echo(f"Search {number}: {sentence(reason)}", err=True)
    if wrong:
        leave(FAILURES)


def _matrix_rows(found: Matrix) -> list[list[str]]:
    names = list(found.periods())
    rows = [["statements", "all", *names, "not precise enough", "undated"]]
    for row in found.rows:
        if row.timeline:
            whole, known = row.timeline.whole, row.tallies
            tallies = [whole.total, *(known.get(name, Tally()) for name in names)]
            tallies += [whole.imprecise, whole.undated]
            rows.append([plain(row.text), *map(_count, tallies)])
    return rows


def _told(tallies: Sequence[Tally], by: str | None) -> list[str]:
    if by:
        return [_count(tally) for tally in tallies]
    (tally,) = tallies
    if not tally.searched:
        return [_NONE] * len(_HEADS)
    rates = [measure.of(tally) for measure in (PER_STATEMENTS, PER_WORDS)]
    return [
        *(f"{count:,}" for count in tally),
        *(_NONE if rate is None else f"{rate:,.2f}" for rate in rates),
    ]


def _count(tally: Tally) -> str:
    return f"{tally.statements:,}" if tally.searched else _NONE


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns below each other: names to the left, figures to the right."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [
            " " * (width - columns(cell))
            for cell, width in zip(row, widths, strict=True)
        ]
        figures = [pad + cell for pad, cell in zip(padded[1:], row[1:], strict=True)]
        yield "  ".join([row[0] + padded[0], *figures]).rstrip() + "\n"
