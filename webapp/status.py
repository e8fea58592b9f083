"""The status as a page: what the index holds, and which readouts it could not take."""

from __future__ import annotations

import datetime

from flask import render_template

from indexer.status import age
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


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
