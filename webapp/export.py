"""All hits of a search as a file to take along."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from flask import Response, request, stream_with_context, url_for

from indexer.exports import FORMS, Export
from webapp.params import ParamsError, SearchParams
from webapp.service import service

_PIECE = 1 << 15  # characters that are sent at a time


def export(form: str) -> Response:
    """The search of the page by the same arguments, whole, in one of the forms of an export.

    ``bom=1`` puts the mark before a CSV by which Excel knows UTF-8.
    """
    params = SearchParams.from_args(request.args)
    mark = _byte_order_mark(form)
    asked = params.request()
    mimetype, write = FORMS[form]
    found = Export(
        request=asked,
        found=service().engine.hits(asked),
        made=datetime.datetime.now(datetime.UTC),
        address=_address,
    )
    pieces = _joined(write(found), mark)
    response = Response(stream_with_context(pieces), mimetype=mimetype)
    response.content_type = f"{mimetype}; charset=utf-8"
    disposition = "attachment" if form == "csv" else "inline"
    response.headers.set("Content-Disposition", disposition, filename=f"search.{form}")
    return response


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
