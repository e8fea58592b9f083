"""Generations in the cluster: built beside each other, and published by moving an alias.

Each is an index of its own, ``name-<UTC>-<random>``, and the alias ``name`` says which one answers.
The next one is made from nothing, or as a clone, which shares its files with the one before.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from indexer.engines.opensearch.connection import (
    LONG_SECONDS,
    Body,
    Connection,
    Gone,
)
from indexer.engines.opensearch.generation import Generation
from indexer.engines.opensearch.mapping import index_body
from indexer.engines.opensearch.registry import Registry, create
from indexer.errors import EngineError, EngineUnavailable, IndexMissing

#: Seconds in which pieces that neither start nor move make a publication fail.
PATIENCE = 60.0

_POLL = 0.05


class Generations:
    """All of one name in one cluster."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._name = connection.location.name
        self.registry = Registry(connection)
        self._own = re.compile(
            rf"{re.escape(self._name)}-\d{{8}}t\d{{6}}-[0-9a-f]{{8}}"
        )

    def current_index(self) -> str:
        """The index that answers; IndexMissing where there is none."""
        found = self._behind()
        if not found:
            raise IndexMissing(
                f"There is no index {self._name!r} in the cluster at "
                f"{self._connection.location}: run `communique index`"
            )
        if len(found) > 1:
            raise EngineError(
                f"The name {self._name!r} stands for {len(found)} indices of the cluster, not one: "
                "somebody else moved it; run `communique index --full`"
            )
        return found[0]

    def _behind(self) -> list[str]:
        """The indices that the name stands for: one, unless somebody else moved it."""
        try:
            return list(self._connection.send("GET", f"/_alias/{self._name}"))
        except Gone:
            return []

    def current(self) -> Generation:
        """The generation that answers."""
        return self.open(self.current_index())

    def last_number(self) -> int:
        """The number of the generation that answers; 0 where there is none."""
        return max((self.open(index).number for index in self._behind()), default=0)

    def open(self, index: str) -> Generation:
        """The generation in an index."""
        mappings = self._connection.send("GET", f"/{index}/_mapping")[index]["mappings"]
        return Generation(index, mappings.get("_meta", {}))

    @contextmanager
    def building(self, base: Generation | None) -> Iterator[str]:
        """A new index to write to, behind an alias of its own ("index-building").

        It goes if the block is left by an error; so does what others left behind.
        """
        self._collect()
        stamp = datetime.now(UTC).strftime("%Y%m%dt%H%M%S")
        index = f"{self._name}-{stamp}-{secrets.token_hex(4)}"
        alias: Body = {"aliases": {building(index): {}}}
        try:
            if base is None:
                body = index_body(self._connection.location) | alias
                create(self._connection, index, body)
            else:
                self._clone(base.index, index, alias)
            self._settle(index, "yellow")
            yield index
        except BaseException:
            with suppress(EngineError):  # the next writer collects what is left
                self._delete(index)
            raise

    def _clone(self, base: str, index: str, alias: Body) -> None:
        settings = {"index.number_of_replicas": 0, "index.blocks.write": None}
        path = f"/{base}/_clone/{index}"
        try:
            self._connection.send(
                "PUT", path, {"settings": settings, **alias}, seconds=LONG_SECONDS
            )
        except EngineError as error:
            if "resource_already_exists_exception" not in str(error):
                raise

    def publish(self, index: str, known: Mapping[str, Any]) -> None:
        """Have a verified index answer in place of the one before; that one stays for a while."""
        send, name = self._connection.send, self._name
        replicas = self._connection.location.replicas
        send("PUT", f"/{index}/_mapping", {"_meta": dict(known)}, seconds=LONG_SECONDS)
        settings = {"index.number_of_replicas": replicas, "index.blocks.write": True}
        send("PUT", f"/{index}/_settings", settings, seconds=LONG_SECONDS)
        self._settle(index, "green")
        before = self._behind()
        actions: list[Body] = [
            {"remove": {"index": old, "alias": name, "must_exist": True}}
            for old in before
        ]
        actions.append({"add": {"index": index, "alias": name}})
        actions.append({"remove": {"index": index, "alias": building(index)}})
        try:
            send("POST", "/_aliases", {"actions": actions}, seconds=LONG_SECONDS)
        except EngineError:
            # The answer may be lost of what was done: the alias itself knows.
            if self._behind() != [index]:
                raise
        if self._behind() != [index]:
            raise EngineError(
                f"Somebody else moved {name!r} at the same time: run it again."
            )
        with suppress(EngineError):  # what is left, the next one takes away
            self._collect(index, *before)

    def _collect(self, *kept: str) -> None:
        """Delete what was begun and never published; and, but for those ``kept``, what once was."""
        found = self._connection.send("GET", f"/{self._name}-*/_alias")
        for index in sorted(filter(self._own.fullmatch, found)):
            begun = building(index) in found[index]["aliases"]
            if begun or (kept and index not in kept):
                self._delete(index)
                del found[index]
        for index in self.registry.indices() - found.keys():
            self.registry.forget(index)

    def _delete(self, index: str) -> None:
        with suppress(Gone):
            self._connection.send("DELETE", f"/{index}", seconds=LONG_SECONDS)

    def _settle(self, index: str, status: str) -> None:
        """Wait until all pieces of an index have started, as long as any still does."""
        last: object = None
        since = time.monotonic()
        while True:
            health = self._connection.send("GET", f"/_cluster/health/{index}")
            if not health["timed_out"] and health["status"] in (status, "green"):
                return
            progress = self._progress(index)
            if progress != last:
                last, since = progress, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                raise EngineUnavailable(
                    f"The cluster at {self._connection.location} cannot place every piece of the "
                    f"new index and its copies (it is {health['status']}): look at its nodes, or "
                    "ask for fewer copies with ?replicas=0; the index is as it was."
                )
            time.sleep(_POLL)

    def _progress(self, index: str) -> object:
        """What changes while pieces are copied."""
        found = self._connection.send("GET", f"/{index}/_recovery").get(index, {})
        return [
            (
                shard["stage"],
                shard["index"]["size"]["recovered_in_bytes"],
                shard["translog"]["recovered"],
            )
            for shard in found.get("shards", ())
        ]


def building(index: str) -> str:
    """The alias behind which an index is written."""
    return f"{index}-building"
