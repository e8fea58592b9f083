"""One writer at a time: a document that says who it is, and is renewed while he lives."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType

from indexer.engines.opensearch.connection import Body, Conflict, Gone
from indexer.engines.opensearch.registry import Registry
from indexer.errors import EngineError, IndexBusy

_KEY = "lock"

#: Seconds after which a lock that nobody renewed is nobody's, and between renewals.
EXPIRES, RENEWED = 60.0, 10.0


class Lock:
    """Held from ``__enter__`` to ``__exit__``; raises IndexBusy where somebody else holds it.

    A holder on this machine whose process is gone holds nothing; one elsewhere is believed until
    his lock expires, by the clocks of the two machines.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._mine = secrets.token_hex(8)
        self._place: dict[str, int] = {}
        self._lost = ""
        self._ended = threading.Event()
        self._guard = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Lock:
        try:
            self._take({"op_type": "create"})
        except Conflict:
            known = self._registry.read(_KEY)
            again: Mapping[str, object] = {"op_type": "create"}
            if known is not None:
                holder, number, term = known
                mine = holder["holder"].get("mine") == self._mine  # an answer was lost
                if not mine and _is_held(holder["holder"]):
                    raise IndexBusy(_told(holder["holder"])) from None
                again = {"if_seq_no": number, "if_primary_term": term}
            try:
                self._take(again)
            except Conflict:
                raise IndexBusy(
                    "Somebody else began to index at the same time: try again."
                ) from None
        self._keeper.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._keeper.join()
        try:
            self._registry.remove(_KEY, self._place)
        except (Conflict, Gone):
            pass  # it was somebody else's by now
        except EngineError:
            if error is None:
                raise

    def check(self) -> None:
        """Raise IndexBusy if the lock was lost, by renewing it now."""
        with self._guard:
            if not self._lost:
                self._renew()
            if self._lost:
                raise IndexBusy(self._lost)

    def _take(self, params: Mapping[str, object]) -> None:
        now = datetime.now(UTC)
        body = {
            "holder": {
                "mine": self._mine,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "since": now.isoformat(timespec="seconds"),
                "expires": (now + timedelta(seconds=EXPIRES)).isoformat(),
            }
        }
        number, term = self._registry.write(_KEY, body, params)
        self._place = {"if_seq_no": number, "if_primary_term": term}

    def _keep(self) -> None:
        while not self._ended.wait(RENEWED):
            with self._guard:
                if self._lost:
                    return
                try:
                    self._renew()
                except EngineError:
                    continue  # it is tried again, and looked at before anything is published

    def _renew(self) -> None:
        try:
            self._take(self._place)
        except Conflict:
            known = self._registry.read(_KEY)
            if known and known[0]["holder"].get("mine") == self._mine:
                # An answer was lost, and the write was done.
                self._place = {"if_seq_no": known[1], "if_primary_term": known[2]}
                return
            told = _told(known[0]["holder"]) if known else "Somebody else has indexed."
            self._lost = f"This run was silent for too long and lost its turn. {told}"


def _is_held(holder: Body) -> bool:
    if datetime.fromisoformat(holder["expires"]) < datetime.now(UTC):
        return False
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(holder["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _told(holder: Body) -> str:
    return (
        f"Process {holder['pid']} on {holder['host']} has been indexing since {holder['since']}: "
        "wait until it is done, or stop it."
    )
