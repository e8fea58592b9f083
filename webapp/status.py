"""The status, as a page and as JSON: what the index holds, and which readouts it could not take."""

from __future__ import annotations

import datetime
import json

from flask import Response, render_template

from indexer.status import age, status_object
from webapp.params import SearchParams
from webapp.service import service

#: The page lists so many failures; the API has all.
LISTED = 200


def page() -> str:
    """The sources in a table, and the failures with reason and age."""
    status = service().statuses.current()
    return render_template(
        "communique/status.html",
        params=SearchParams(),
        status=status,
        names=service().corpora.of(status.index).names,
        failed=[(each, age(each, _today())) for each in status.failed[:LISTED]],
    )


def api() -> Response:
    """The same as one JSON object."""
    found = status_object(service().statuses.current(), _today())
    return Response(json.dumps(found, ensure_ascii=False), mimetype="application/json")


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
