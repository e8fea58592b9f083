"""From a location to an engine: the only place that knows which engines there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engine import Engine
from indexer.errors import SettingsError

if TYPE_CHECKING:
    from indexer.engines.whoosh.generations import Generations


def open_engine(
    location: str | Path, *, language: str = "english", jobs: int = 1
) -> Engine:
    """Open the engine at ``location``, a folder that need not exist yet.

    ``language`` is the Snowball language whose word forms a bare word matches; ``jobs`` is
    how many processes a writer may use. Raises SettingsError for an address: there is no other
    engine yet.
    """
    from indexer.engines.whoosh import WhooshEngine

    return WhooshEngine(_folder(location), language=language, jobs=jobs)


def open_generations(location: str | Path) -> Generations:
    """What was published at ``location``, to be copied as files.

    Raises SettingsError for an address: a service has copies of its own.
    """
    from indexer.engines.whoosh.generations import Generations

    return Generations(_folder(location))


def _folder(location: str | Path) -> Path:
    if re.match(r"[a-z][a-z0-9+.-]*://", str(location), re.IGNORECASE):
        reason = "an index is a folder on this machine; name one, such as index"
        raise SettingsError(location, reason)
    return Path(location)
