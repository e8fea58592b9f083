"""The status of the index."""

from __future__ import annotations

import datetime

from werkzeug.datastructures import MultiDict

from indexer.status import status_object
from webapp.api.route import Reply, version
from webapp.service import service


def status(args: MultiDict[str, str]) -> Reply:
    """What the index holds by source, and which readouts it could not take."""
    found = service().statuses.current()
    today = datetime.datetime.now(datetime.UTC).date()
    # A failure's age in days changes without the index.
    return Reply(status_object(found, today), f"{version(found.index)}-{today}")
