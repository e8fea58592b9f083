"""Each request as those see it who run the server: its id, its line in the log, its figures."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import unquote_plus

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ACCESS = "webapp.access"
HEADER = "X-Request-ID"

#: The id of the request that this thread answers, "" between requests.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

_KEY = "communique.visit"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_LONGEST_QUERY = 2000

_log = logging.getLogger(ACCESS)


class Visit:
    """One request and what became of it.

    ``route`` is the rule that answered, such as /statements/<path:statement_id>, and ``endpoint``
    its name; both are "-" where none did. Neither path nor query of a stranger is in them.
    ``generation`` is that of the index which answered last, None where no search was made.
    """

    def __init__(self, environ: WSGIEnvironment, *, trusts_id: bool) -> None:
        given = environ.get("HTTP_X_REQUEST_ID", "") if trusts_id else ""
        self.id: str = given if _ID.fullmatch(given) else secrets.token_hex(8)
        method = environ["REQUEST_METHOD"]
        self.method: str = method if method in _METHODS else "other"
        self.route = self.endpoint = "-"
        self.generation: int | None = None
        self.status = 500
        self.bytes = 0
        self._started = perf_counter()

    @property
    def seconds(self) -> float:
        """For how long it has been under way."""
        return perf_counter() - self._started


class Watcher(Protocol):
    """Who counts visits."""

    def under_way(self) -> AbstractContextManager[object]:
        """Entered when a visit begins, left when its last byte was handed over."""

    def ended(self, visit: Visit) -> None:
        """Count it."""


class Visits:
    """A WSGI app around another: gives each request its id, and tells of it when it is over.

    The id is the one that the proxy in front sent, where ``trusts_id`` and it is well-formed, else
    a new one. ``log_queries`` has the log hold what was searched, too.
    """

    def __init__(
        self,
        wsgi: WSGIApplication,
        *,
        watcher: Watcher | None = None,
        trusts_id: bool = False,
        log_queries: bool = False,
    ) -> None:
        self._wsgi = wsgi
        self._watcher = watcher
        self._trusts_id = trusts_id
        self._log_queries = log_queries

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        visit = Visit(environ, trusts_id=self._trusts_id)
        environ[_KEY] = visit
        REQUEST_ID.set(visit.id)
        under_way = self._watcher.under_way() if self._watcher else None
        if under_way:
            under_way.__enter__()

        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: OptExcInfo | None = None,
            /,
        ) -> Callable[[bytes], object]:
            visit.status = int(status[:3])
            visit.bytes = _length(headers)
            return start_response(status, [*headers, (HEADER, visit.id)], exc_info)

        def end() -> None:
            if under_way:
                under_way.__exit__(None, None, None)
            self._tell(visit, environ)
            REQUEST_ID.set("")

        try:
            body = self._wsgi(environ, start)
        except BaseException:
            end()
            raise
        if isinstance(body, environ.get("wsgi.file_wrapper", ())):
            end()  # the server sends the file by itself
            return cast("Iterable[bytes]", body)
        visit.bytes = 0
        close = getattr(body, "close", None)
        return ClosingIterator(_counted(body, visit), [close, end] if close else [end])

    def _tell(self, visit: Visit, environ: WSGIEnvironment) -> None:
        if self._watcher:
            self._watcher.ended(visit)
        if not _log.isEnabledFor(logging.INFO):
            return
        fields = {
            "method": visit.method,
            "route": visit.route,
            "status": visit.status,
            "ms": round(visit.seconds * 1000, 1),
            "bytes": visit.bytes,
            "generation": visit.generation,
        }
        if self._log_queries:
            query = environ.get("QUERY_STRING", "")[:_LONGEST_QUERY]
            fields["query"] = unquote_plus(query)
        _log.info(
            " ".join(f"{name}={value}" for name, value in fields.items()),
            extra={"fields": fields},
        )


def visit_of(environ: WSGIEnvironment) -> Visit | None:
    """The visit that a request belongs to, None where nobody tells of them."""
    return cast("Visit | None", environ.get(_KEY))


def _length(headers: list[tuple[str, str]]) -> int:
    """What an answer says of its length, 0 where it says nothing."""
    told = [value for name, value in headers if name.lower() == "content-length"]
    return int(told[0]) if told else 0


def _counted(body: Iterable[bytes], visit: Visit) -> Iterator[bytes]:
    for piece in body:
        visit.bytes += len(piece)
        yield piece
