"""Files to take along: whole or not at all.

A file is made before its first byte is sent. So its length is told, by which every client, behind
whatever proxy, knows that it has all of it; what goes wrong is still an answer of its own; and
whoever reads slowly holds a file, but no thread.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wsgi import wrap_file

from indexer import deadline
from webapp.arguments import ParamsError
from webapp.service import service

_PIECE = 1 << 15  # characters that are encoded at a time
_SMALL = 1 << 20  # bytes that are kept in memory

#: Exports that are made at a time, and files of exports that wait until they are fetched.
MAKING, KEPT = 2, 32

_making = BoundedSemaphore(MAKING)
_kept = BoundedSemaphore(KEPT)


@contextmanager
def exporting() -> Iterator[None]:
    """Time for an export, which is longer than that for a page, and a place among those made.

    503 where others hold all places for longer than a search may take.
    """
    settings = service().settings
    if not _making.acquire(timeout=settings.search_seconds):
        raise _busy()
    try:
        deadline.limit(settings.export_seconds)
        yield
    finally:
        _making.release()


def download(pieces: Iterable[str], mimetype: str, name: str) -> Response:
    """A text as the file ``name``. A CSV is saved, others are shown.

    ``bom=1`` puts the mark before a CSV by which Excel knows UTF-8. Raises SearchTimeout where the
    pieces take longer than they may.
    """
    is_csv = name.endswith(".csv")
    bom = request.args.get("bom", "")
    if bom not in ("", "1") or (bom and not is_csv):
        raise ParamsError("bom", "Write bom=1 with a CSV, or leave it out.")
    response = Response(mimetype=mimetype)
    if request.method != "HEAD":
        _fill(response, _joined(pieces, "\ufeff" if bom else ""))
    response.content_type = f"{mimetype}; charset=utf-8"
    disposition = "attachment" if is_csv else "inline"
    response.headers.set("Content-Disposition", disposition, filename=name)
    return response


def _fill(response: Response, pieces: Iterator[bytes]) -> None:
    """Give the response its body: bytes where it is small, else a file that goes when it is sent."""
    small = b""
    for piece in pieces:
        small += piece
        if len(small) > _SMALL:
            break
    else:
        response.set_data(small)
        return
    file = _kept_file()
    try:
        file.write(small)
        file.writelines(pieces)
        response.content_length = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response.response = wrap_file(request.environ, file)
    response.direct_passthrough = True


def _kept_file() -> IO[bytes]:
    """A file without a name; 503 where too many are not fetched yet."""
    if not _kept.acquire(blocking=False):
        raise _busy()
    file = TemporaryFile()
    weakref.finalize(file, _kept.release).atexit = False
    return file


def _busy() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Too many exports are under way here: try again in a minute.", retry_after=60
    )


def _joined(pieces: Iterable[str], mark: str) -> Iterator[bytes]:
    """The pieces in larger ones, for as long as there is time."""
    waiting, size = [mark], 0
    for piece in pieces:
        deadline.check()
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
