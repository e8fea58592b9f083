"""All hits of a search as a file to take along."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for

from indexer.concordance import Line
from indexer.exports import FORMS, Export
from indexer.line_exports import LINE_FORMS, LineExport
from webapp.arguments import ParamsError
from webapp.download import download
from webapp.lining import Lining, searched
from webapp.params import SearchParams
from webapp.service import service


def export(form: str) -> Response:
    """The search of the page by the same arguments, whole, in one of the forms of an export."""
    params = searched(request.args)
    made = datetime.datetime.now(datetime.UTC)
    if isinstance(params, Lining):
        mimetype, written = _lines(params, form, made)
        return download(written, mimetype, f"kwic.{form}")
    mimetype, written = _hits(params, form, made)
    return download(written, mimetype, f"search.{form}")


def _hits(
    params: SearchParams, form: str, made: datetime.datetime
) -> tuple[str, Iterator[str]]:
    """Media type and pieces of a file of all hits."""
    asked = params.request()
    mimetype, write = FORMS[form]
    found = service().engine.hits(asked)
    names = service().corpora.of(found.index).names
    return mimetype, write(
        Export(request=asked, found=found, made=made, address=_address, names=names)
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


def _address(statement_id: str) -> str:
    return url_for("communique.statement", statement_id=statement_id, _external=True)
