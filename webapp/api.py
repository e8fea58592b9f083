"""The JSON API."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Response, request

from indexer.answer import answer
from indexer.query import notices
from webapp.params import SearchParams
from webapp.service import service


def search() -> Response:
    """The same search as the page's, by the same arguments, as one JSON object."""
    params = SearchParams.from_args(request.args)
    asked = replace(params.request(), uses=True)
    results = service().engine.search(asked)
    found = answer(params.text, asked, notices(params.text), results)
    return Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")
