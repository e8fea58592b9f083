"""The sources' own names, which belong to a generation as its statements do."""

from __future__ import annotations

import json
from collections.abc import Mapping

from indexer.engine import Engine
from indexer.source import Source

#: The name under which an engine keeps them.
NOTE = "sources"


def dump_names(sources: Mapping[str, Source]) -> bytes:
    """Each source's name by its id, as JSON; that of a source whose name is its id is left out."""
    names = {key: each.name for key, each in sources.items() if each.name != key}
    return json.dumps(names, ensure_ascii=False, sort_keys=True).encode()


def load_names(engine: Engine) -> Mapping[str, str]:
    """The names by id of the current generation; none where an earlier version wrote it."""
    names: dict[str, str] = json.loads(engine.note(NOTE) or b"{}")
    return names
