"""A node that is asked, and left for another one where it stands still."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from opensearchpy import ConnectionPool, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionTimeout, TransportError
from urllib3 import Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import wait_for_read

#: Seconds of waiting after which a node is asked, and asked again, whether it is there at all; and
#: in which it has to say so, or to take a connection. A long pause for its memory is not as long.
UNEASY, PATIENCE = 1.0, 2.0

# Seconds in which a request has to be sent; those for connecting would hold for this too.
_SENDING = 60.0
_SILENT = "a node stands still"


class _Wire(HTTPConnection):
    """A connection that does not wait for an answer to its end where nobody is there to give it.

    Who only stands still, or is cut off, keeps connections open: their own limit of time is that
    of the longest answers.
    """

    def __init__(
        self, *arguments: Any, is_there: Callable[[], bool], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self._is_there = is_there

    def connect(self) -> None:
        """Connect, in the time for that alone."""
        try:
            super().connect()
        except TimeoutError:  # connected, but nobody goes on with TLS
            raise ConnectionAbortedError(_SILENT) from None
        self.sock.settimeout(_SENDING)

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
        """The answer; ConnectionAbortedError where the node is silent, not just slow."""
        left = float(self.timeout or 0)
        while left > PATIENCE and not wait_for_read(self.sock, UNEASY):
            if not self._is_there():
                raise ConnectionAbortedError(_SILENT)
            left -= UNEASY
        self.timeout = left
        return super().getresponse()


class _SecureWire(_Wire, HTTPSConnection):
    """The same with TLS."""


class Node(Urllib3HttpConnection):
    """One node of the cluster; ``slow`` is whether it lives and took too long when it last failed."""

    slow = False

    def _create_urllib3_pool(self) -> None:
        super()._create_urllib3_pool()
        wire = _SecureWire if self.use_ssl else _Wire
        self.pool.ConnectionCls = partial(wire, is_there=self.is_there)

    def is_there(self) -> bool:
        """Whether it answers anything, be it a refusal."""
        try:
            self.pool.urlopen(
                "HEAD", "/", headers=self.headers, timeout=PATIENCE, retries=False
            )
        except HTTPError:
            return False
        return True

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: Any = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Status, headers and text of the answer."""
        limits: Any = Timeout(connect=PATIENCE, read=timeout or self.timeout)
        try:
            return super().perform_request(
                method, url, params, body, limits, ignore, headers
            )
        except TransportError as error:
            self.slow = isinstance(error, ConnectionTimeout)
            raise


class Nodes(ConnectionPool):
    """All nodes, which take turns; one that failed is asked nothing for a while.

    A slow one keeps its turn: it waits for another, which will be left out, and without it there
    may be none but the silent one to ask.
    """

    def mark_dead(self, connection: Node, now: float | None = None) -> None:
        """Take a node's turn from it."""
        if not connection.slow:
            super().mark_dead(connection, now)
