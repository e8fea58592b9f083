"""A small index beside the statements: who writes, and the notes of each generation."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from indexer.engines.opensearch.connection import Body, Connection, Gone
from indexer.errors import EngineError

# Bytes of a note that are kept in one document.
_PIECE = 4 << 20

_MAPPINGS: Body = {
    "dynamic": "strict",
    "properties": {
        "index": {"type": "keyword"},
        "name": {"type": "keyword"},
        "piece": {"type": "integer"},
        "data": {"type": "binary"},
        "holder": {"type": "object", "enabled": False},
    },
}


class Registry:
    """What is kept beside the index ``name``, in one of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.index = f"{connection.location.name}-registry"

    def create(self) -> None:
        """Make the index, unless it is there."""
        location = self._connection.location
        settings = {"number_of_shards": 1, "number_of_replicas": location.replicas}
        body = {"settings": settings, "mappings": _MAPPINGS}
        if not self._connection.send("HEAD", f"/{self.index}"):
            create(self._connection, self.index, body)

    def read(self, key: str) -> tuple[Body, int, int] | None:
        """What is kept under a key, with its sequence number and term; None if nothing is."""
        try:
            found = self._connection.send("GET", f"/{self.index}/_doc/{key}")
        except Gone:
            return None
        return found["_source"], found["_seq_no"], found["_primary_term"]

    def write(
        self, key: str, body: Body, params: Mapping[str, object] | None = None
    ) -> tuple[int, int]:
        """Keep a document; its sequence number and term. Conflict where the params say so."""
        path = f"/{self.index}/_doc/{key}"
        kept = self._connection.send("PUT", path, body, params=params)
        return kept["_seq_no"], kept["_primary_term"]

    def remove(self, key: str, params: Mapping[str, object] | None = None) -> None:
        """Take a document out; Gone where it is not there."""
        path = f"/{self.index}/_doc/{key}"
        self._connection.send("DELETE", path, params=params)

    def keep(self, index: str, name: str, data: bytes) -> None:
        """Keep a note with a generation's index."""
        pieces = range(0, len(data) or 1, _PIECE)
        for number, start in enumerate(pieces):
            piece = data[start : start + _PIECE]
            body: dict[str, Any] = {
                "index": index,
                "name": name,
                "piece": len(pieces),
                "data": base64.b64encode(piece).decode(),
            }
            self.write(f"{index}.{name}.{number}", body)

    def note(self, index: str, name: str) -> bytes | None:
        """A note of a generation's, or None."""
        first = self.read(f"{index}.{name}.0")
        if first is None:
            return None
        rest = (self.read(f"{index}.{name}.{n}") for n in range(1, first[0]["piece"]))
        kept = [first, *rest]
        if not all(kept):
            raise EngineError(f"{index}: its note {name!r} is not whole")
        return b"".join(base64.b64decode(each[0]["data"]) for each in kept if each)

    def names(self, index: str) -> set[str]:
        """The names of a generation's notes."""
        return self._values("name", {"term": {"index": index}})

    def indices(self) -> set[str]:
        """The generations that have notes."""
        return self._values("index", {"exists": {"field": "index"}})

    def _values(self, field: str, query: Body) -> set[str]:
        self._connection.send("POST", f"/{self.index}/_refresh")
        values = {"values": {"terms": {"field": field, "size": 1000}}}
        asked = {"query": query, "size": 0, "aggs": values}
        found = self._connection.search(self.index, asked)
        return {each["key"] for each in found["aggregations"]["values"]["buckets"]}

    def forget(self, index: str) -> None:
        """Take out the notes of a generation that is gone."""
        for name in self.names(index):
            first = self.read(f"{index}.{name}.0")
            for number in range(first[0]["piece"] if first else 0):
                try:
                    self.remove(f"{index}.{name}.{number}")
                except Gone:
                    continue


def create(connection: Connection, index: str, body: Body) -> None:
    """Make an index; one of this name that is there is that of a try whose answer was lost."""
    try:
        connection.send("PUT", f"/{index}", body, seconds=60)
    except EngineError as error:
        if "resource_already_exists_exception" not in str(error):
            raise
