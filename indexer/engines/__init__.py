"""From a location to an engine: the only place that knows which engines there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engine import Engine
from indexer.errors import SettingsError

if TYPE_CHECKING:
    from indexer.engines.whoosh.generations import Generations

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def open_engine(
    location: str | Path, *, language: str = "english", jobs: int = 1
) -> Engine:
    """Open the engine at ``location``, a folder that need not exist yet, or a cluster's address.

    ``language`` is the Snowball language whose word forms a bare word matches; ``jobs`` is
    how many processes a writer may use. Raises SettingsError for an address that is none.
    """
    address = str(location)
    if address.startswith("opensearch+"):
        return _open_cluster(address, language)
    from indexer.engines.whoosh import WhooshEngine

    return WhooshEngine(_folder(location), language=language, jobs=jobs)


def open_generations(location: str | Path) -> Generations:
    """What was published at ``location``, to be copied as files.

    Raises SettingsError for an address: a cluster has snapshots of its own.
    """
    if str(location).startswith("opensearch+"):
        reason = "a cluster has no files here; it keeps snapshots of its own"
        raise SettingsError(re.sub(r"//[^@/]*@", "//…@", str(location)), reason)
    from indexer.engines.whoosh.generations import Generations

    return Generations(_folder(location))


def _open_cluster(address: str, language: str) -> Engine:
    try:
        from indexer.engines.opensearch import OpenSearchEngine, parse_location
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        reason = "needs OpenSearch's client: pip install 'communique[opensearch]'"
        raise SettingsError("opensearch", reason) from None
    return OpenSearchEngine(parse_location(address), language=language)


def _folder(location: str | Path) -> Path:
    if _ADDRESS.match(str(location)):
        reason = (
            "an index is a folder on this machine, such as index, or in a cluster: "
            "opensearch+https://user@host:9200/statements"
        )
        raise SettingsError(re.sub(r"//[^@/]*@", "//…@", str(location)), reason)
    return Path(location)
