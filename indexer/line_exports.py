"""All lines of a concordance as a file, line by line: CSV or JSON, as ``indexer.exports`` has hits.

A paragraph's end within a cell of a CSV is " ¶ ", so that a line stays a line; JSON has the text as
it is.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from indexer import objects
from indexer.answer import canonical, day, index_object, interpretation, only
from indexer.concordance import Concordance, Line, LineSort, on_one_line
from indexer.exports import date_cell
from indexer.search import SearchRequest
from indexer.sheet import line as sheet_line

COLUMNS = (
    *("line", "left", "match", "right", "date", "date_precision", "source", "kind"),
    *("language", "title", "id", "field", "number", "url", "address"),
    *("total", "statements", "query", "filters", "sort"),
    *("generation", "fingerprint", "exported_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineExport:
    """What is exported: ``found`` answered ``request`` in the order ``sort`` at ``made`` (UTC).

    ``address`` gives the web address of a line's match, "" where it has none.
    """

    request: SearchRequest
    sort: LineSort
    found: Concordance
    made: datetime.datetime
    address: Callable[[Line], str]


def lines_csv(export: LineExport) -> Iterator[str]:
    """A line for each occurrence; no cell is a formula to a spreadsheet."""
    found = export.found
    whole = (
        found.total,
        found.statements,
        canonical(export.request),
        only(export.request),
        export.sort.value,
        found.index.generation,
        found.index.fingerprint,
        export.made.isoformat(timespec="seconds"),
    )
    yield sheet_line(COLUMNS)
    for number, line in enumerate(found.lines, 1):
        said = line.statement
        yield sheet_line(
            (
                number,
                *map(on_one_line, (line.left, line.match, line.right)),
                date_cell(said),
                said.date_precision if said.date else "",
                said.source,
                said.kind,
                said.language,
                said.title,
                said.id,
                _field(line),
                line.number,
                said.url,
                export.address(line),
                *whole,
            )
        )


def lines_json(export: LineExport) -> Iterator[str]:
    """One object: what holds for all, and ``lines``."""
    head = {
        "query": canonical(export.request),
        "interpreted": interpretation(export.request),
        "filters": {n: list(values) for n, values in export.request.filters.items()},
        "sort": export.sort.value,
        "total": export.found.total,
        "statements": export.found.statements,
        "index": index_object(export.found.index),
        "exported_at": export.made.isoformat(timespec="seconds"),
    }
    yield f'{_json(head).removesuffix("}")}, "lines": ['
    for number, line in enumerate(export.found.lines, 1):
        record = {**line_object(number, line), "address": export.address(line)}
        yield f'{"," if number > 1 else ""}\n{_json(record)}'
    yield "\n]}\n"


#: The forms by their names: media type, and what writes it.
LINE_FORMS: Mapping[str, tuple[str, Callable[[LineExport], Iterator[str]]]] = {
    "csv": ("text/csv", lines_csv),
    "json": ("application/json", lines_json),
}


def line_object(number: int, line: Line) -> objects.Line:
    """A line as JSON; ``number`` is its place among all."""
    said = line.statement
    return {
        "line": number,
        "left": line.left,
        "match": line.match,
        "right": line.right,
        "opens": line.opens,
        "closes": line.closes,
        "id": said.id,
        "title": said.title,
        "date": day(said),
        "date_precision": said.date_precision,
        "source": said.source,
        "kind": said.kind,
        "language": said.language,
        "url": said.url,
        "field": _field(line),
        "number": line.number,
    }


def _field(line: Line) -> str:
    """Where the line is from, as the query language names it."""
    return "title" if line.in_title else "text"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
