"""All hits of a search as a file to take along."""

from __future__ import annotations

import datetime

from flask import Response, request, url_for

from indexer.exports import FORMS, Export
from webapp.download import download
from webapp.params import SearchParams
from webapp.service import service


def export(form: str) -> Response:
    """The search of the page by the same arguments, whole, in one of the forms of an export."""
    asked = SearchParams.from_args(request.args).request()
    mimetype, write = FORMS[form]
    found = Export(
        request=asked,
        found=service().engine.hits(asked),
        made=datetime.datetime.now(datetime.UTC),
        address=_address,
    )
    return download(write(found), mimetype, f"search.{form}")


def _address(statement_id: str) -> str:
    return url_for("communique.statement", statement_id=statement_id, _external=True)
