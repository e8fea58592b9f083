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

from flask import Response, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wsgi import wrap_file

from indexer import deadline
from webapp.arguments import ParamsError
from webapp.service import service

_PIECE = 1 << 15  # characters that are encoded at a time

#: Bytes of a large export. Smaller ones take as much time and memory as a page.
LARGE = 1 << 20
#: Large exports that are made at a time, and those that wait until they are fetched.
MAKING, KEPT = 2, 32

_making = BoundedSemaphore(MAKING)
_kept = BoundedSemaphore(KEPT)


def download(pieces: Iterable[str], mimetype: str, name: str) -> Response:
    """A text as the file ``name``. A CSV is saved, others are shown.

    ``bom=1`` puts the mark before a CSV by which Excel knows UTF-8. Raises SearchTimeout where the
    pieces take longer than an export may.
    """
    is_csv = name.endswith(".csv")
    bom = request.args.get("bom", "")
    if bom not in ("", "1") or (bom and not is_csv):
        raise ParamsError("bom", "Write bom=1 with a CSV, or leave it out.")
    deadline.limit(service().settings.export_seconds)
    response = Response(content_type=f"{mimetype}; charset=utf-8")
    if request.method != "HEAD":
        _fill(response, _joined(pieces, "\ufeff" if bom else ""))
    disposition = "attachment" if is_csv else "inline"
    response.headers.set("Content-Disposition", disposition, filename=name)
    return response


def _fill(response: Response, pieces: Iterator[bytes]) -> None:
    """Give the response its body: bytes, or a file that is gone when it is sent."""
    begun = bytearray()
    for piece in pieces:
        begun += piece
        if len(begun) > LARGE:
            break
    else:
        response.set_data(bytes(begun))
        return
    with _place():
        file = TemporaryFile()
        weakref.finalize(file, _kept.release).atexit = False
        try:
            file.write(begun)
            file.writelines(pieces)
            response.content_length = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
    response.response = wrap_file(request.environ, file)
    response.direct_passthrough = True


@contextmanager
def _place() -> Iterator[None]:
    """A place among the large exports that are made, and one among those kept; 503 without."""
    if not _making.acquire(blocking=False):
        raise _busy("made")
    try:
        if not _kept.acquire(blocking=False):
            raise _busy("fetched")
        yield
    finally:
        _making.release()


def _busy(what: str) -> ServiceUnavailable:
    return ServiceUnavailable(
        f"Too many large exports are being {what} here: try again in a minute, or narrow this one.",
        retry_after=60,
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
