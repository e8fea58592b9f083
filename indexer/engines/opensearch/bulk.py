"""Many writes at once: every one of them is counted, and tried again where all were busy."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from indexer.engines.opensearch.connection import (
    Body,
    Connection,
    Full,
    full,
    is_full,
    said,
)
from indexer.errors import EngineError, EngineUnavailable

#: Writes and bytes of one request.
CHUNK, CHUNK_BYTES = 200, 8 << 20

#: So often a write is tried again, after so many seconds at first, then twice as many, up to the
#: most: four minutes in all.
RETRIES, FIRST, LONGEST = 10, 0.5, 60.0

_DONE = (200, 201)
# What may go by: too many requests, a node that left, shards that move.
_LATER = (429, 502, 503, 504)


class Write(NamedTuple):
    """A document to keep, or without a body one to take out.

    ``version`` grows: a write that was done already, or overtaken, is refused as stale, which is
    what was wanted.
    """

    id: str
    version: int
    body: Body | None = None

    @property
    def lines(self) -> tuple[Body, ...]:
        """What the cluster is sent."""
        action = "delete" if self.body is None else "index"
        known = {"_id": self.id, "version": self.version, "version_type": "external"}
        return ({action: known},) if self.body is None else ({action: known}, self.body)


def write(
    connection: Connection,
    alias: str,
    writes: Iterable[Write],
    wait: Callable[[float], object] = time.sleep,
) -> None:
    """Write all behind an alias; ``wait`` is told how many seconds to wait before another try.

    Raises EngineUnavailable where the cluster takes nothing for too long, or its disks are full,
    and EngineError, naming a document, where it will never take one.
    """
    for chunk in _chunks(writes):
        pause, tries = FIRST, 0
        while chunk:
            chunk, reason = _try(connection, alias, chunk)
            if not chunk:
                break
            if tries == RETRIES:
                raise EngineUnavailable(
                    f"The cluster at {connection.location} takes no more ({reason}): run it again "
                    "later; the index is as it was."
                )
            wait(pause)
            pause, tries = min(2 * pause, LONGEST), tries + 1


def _chunks(writes: Iterable[Write]) -> Iterator[list[Write]]:
    chunk: list[Write] = []
    size = 0
    for each in writes:
        own = len(json.dumps(each.lines))
        if chunk and (len(chunk) == CHUNK or size + own > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(each)
        size += own
    if chunk:
        yield chunk


def _try(
    connection: Connection, alias: str, chunk: Sequence[Write]
) -> tuple[list[Write], str]:
    """One request; what is to be tried again, and why."""
    lines = [line for each in chunk for line in each.lines]
    try:
        answer = connection.send_lines(f"/{alias}/_bulk", lines, alias=True)
    except Full:
        raise
    except EngineUnavailable as error:
        return list(chunk), str(error)
    later, reason = [], ""
    for each, outcome in zip(chunk, answer["items"], strict=True):
        ((_, result),) = outcome.items()
        status = result["status"]
        stale = status == 409
        absent = status == 404 and each.body is None
        if status in _DONE or stale or absent:
            continue
        reason = said(result.get("error", result))
        if is_full(reason):
            raise full(connection.location)
        if status not in _LATER:
            raise EngineError(f"{each.id}: the cluster does not take it ({reason})")
        later.append(each)
    return later, reason
