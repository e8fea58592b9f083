"""All hits of a search as a file to take along."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, request, stream_with_context, url_for

from indexer.concordance import Line
from indexer.exports import FORMS, Export
from indexer.line_exports import LINE_FORMS, LineExport
from webapp.lining import Lining, searched
from webapp.params import ParamsError, SearchParams
from webapp.service import service

_PIECE = 1 << 15  # characters that are sent at a time


def export(form: str) -> Response:
    """The search of the page by the same arguments, whole, in one of the forms of an export.

    ``bom=1`` puts the mark before a CSV by which Excel knows UTF-8.
    """
    params = searched(request.args)
    mark = _byte_order_mark(form)
    made = datetime.datetime.now(datetime.UTC)
    if isinstance(params, Lining):
        mimetype, written = _lines(params, form, made)
    else:
        mimetype, written = _hits(params, form, made)
    response = Response(stream_with_context(_joined(written, mark)), mimetype=mimetype)
    response.content_type = f"{mimetype}; charset=utf-8"
    disposition = "attachment" if form == "csv" else "inline"
    name = "kwic" if isinstance(params, Lining) else "search"
    response.headers.set("Content-Disposition", disposition, filename=f"{name}.{form}")
    return response


def _hits(
    params: SearchParams, form: str, made: datetime.datetime
) -> tuple[str, Iterator[str]]:
    """Media type and pieces of a file of all hits."""
    asked = params.request()
    mimetype, write = FORMS[form]
    found = service().engine.hits(asked)
    return mimetype, write(
        Export(request=asked, found=found, made=made, address=_address)
    )


def _lines(
    params: Lining, form: str, made: datetime.datetime
) -> tuple[str, Iterator[str]]:
    """Media type and pieces of a file of all lines."""
    if form not in LINE_FORMS:
        raise ParamsError(
            "view",
            f"Lines are exported as CSV or JSON, not as {form}: leave out view=kwic to export the "
            "statements.",
        )
    asked = params.request()
    marks: dict[str, Any] = params.as_list().args

    def address(line: Line) -> str:
        return url_for(
            "communique.statement",
            statement_id=line.statement.id,
            _anchor=f"m{line.number}",
            _external=True,
            **marks,
        )

    mimetype, write = LINE_FORMS[form]
    found = service().engine.concordance(asked, sort=params.lines)
    return mimetype, write(
        LineExport(
            request=asked, sort=params.lines, found=found, made=made, address=address
        )
    )


def _byte_order_mark(form: str) -> str:
    bom = request.args.get("bom", "")
    if bom not in ("", "1") or (bom and form != "csv"):
        raise ParamsError("bom", "Write bom=1 with a CSV, or leave it out.")
    return "\ufeff" if bom else ""


def _address(statement_id: str) -> str:
    return url_for("communique.statement", statement_id=statement_id, _external=True)


def _joined(pieces: Iterable[str], mark: str) -> Iterator[bytes]:
    """The pieces in larger ones."""
    waiting, size = [mark], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
