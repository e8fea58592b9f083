"""What a stranger may send, and how long answering may take: beyond it there is a sentence."""

from __future__ import annotations

import resource
import string
from typing import Any
from urllib.parse import quote

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, RequestURITooLarge

from indexer import deadline
from webapp.arguments import ParamsError
from webapp.service import service

#: Bytes behind the "?" of an address: fifty lines of a matrix, in a script that takes nine a letter.
QUERY_BYTES = 200_000
#: Arguments of an address: all the values that all filters may have, and the rest.
ARGUMENTS = 400
#: Bytes of a body, which nothing here reads.
BODY_BYTES = 65_536
#: Bytes of a request's first line and all its headers, whatever cookies are among them.
HEADER_BYTES = 262_144
#: Connections at a time: a slow one takes a place among these, and no thread.
CONNECTIONS = 1000
#: Seconds after which a connection goes on which nothing moves.
IDLE_SECONDS = 30

#: The same as waitress says it.
SERVER: dict[str, Any] = {
    "asyncore_use_poll": True,  # select() knows no more than 1024 connections
    "channel_timeout": IDLE_SECONDS,
    "cleanup_interval": IDLE_SECONDS // 3,
    "connection_limit": CONNECTIONS,
    "ident": None,
    "outbuf_high_watermark": 2
    ** 30,  # what is to be sent waits in a file, and no thread for it
    "max_request_body_size": BODY_BYTES,
    "max_request_header_size": HEADER_BYTES,
}
# Each connection is an open file, and some have a file of what waits to be sent.
_FILES = 4 * CONNECTIONS

_ASCII = string.printable


def allow_connections() -> None:
    """Have the system let this process open files enough, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def make_readable() -> None:
    """Write bytes of the address that are no UTF-8 as %FF, for Werkzeug fails where they are bare."""
    request.query_string = quote(request.query_string, _ASCII).encode()


def begin() -> None:
    """Refuse what is too long or too much, and give what is not its time."""
    deadline.limit(service().settings.search_seconds)
    if (request.content_length or 0) > BODY_BYTES:
        raise RequestEntityTooLarge(
            "Nothing here reads the body of a request, least of all one of more than "
            f"{BODY_BYTES:,} bytes: leave it out."
        )
    if len(request.query_string) > QUERY_BYTES:
        raise RequestURITooLarge(
            f"This address has {len(request.query_string):,} bytes behind its question mark: "
            f"{QUERY_BYTES:,} at most can be read."
        )
    given = request.query_string.count(b"&") + 1
    if given > ARGUMENTS:
        raise ParamsError(
            "",
            f"This address has {given:,} arguments: {ARGUMENTS} at most can be read.",
        )


def end(_: BaseException | None = None) -> None:
    """The next request of this thread has a time of its own."""
    deadline.limit(None)
