"""Files to take along, sent piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response, request, stream_with_context

from webapp.arguments import ParamsError

_PIECE = 1 << 15  # characters that are sent at a time


def download(pieces: Iterable[str], mimetype: str, name: str) -> Response:
    """A text as the file ``name``. A CSV is saved, others are shown.

    ``bom=1`` puts the mark before a CSV by which Excel knows UTF-8.
    """
    is_csv = name.endswith(".csv")
    bom = request.args.get("bom", "")
    if bom not in ("", "1") or (bom and not is_csv):
        raise ParamsError("bom", "Write bom=1 with a CSV, or leave it out.")
    sent = _joined(pieces, "\ufeff" if bom else "")
    response = Response(stream_with_context(sent), mimetype=mimetype)
    response.content_type = f"{mimetype}; charset=utf-8"
    disposition = "attachment" if is_csv else "inline"
    response.headers.set("Content-Disposition", disposition, filename=name)
    return response


def _joined(pieces: Iterable[str], mark: str) -> Iterator[bytes]:
    """The pieces in larger ones."""
    waiting, size = [mark], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
