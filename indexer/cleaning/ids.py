"""Ids of statements: readable, safe in URLs, and never the same for two readouts."""

from __future__ import annotations

import os
import re

_UNSAFE = re.compile(rb"[^A-Za-z0-9_.-]|^\.")


def statement_id(name: str, line: str | int | None = None) -> str:
    """The id of the statement in the raw file ``name``, or in one ``line`` of it.

    ``line`` is the line's own id, or its number where it has none. ``xinhua/a.txt`` gives
    ``xinhua/a``, any other extension follows ``~`` (``xinhua/a~html``), and a line is one more
    part (``un/debate~jsonl/ARG-1946``, ``un/debate~jsonl/~n17``). Bytes of the UTF-8 other than
    ASCII letters, digits and ``- _ .`` are ``~`` and two hexadecimal digits. As no extension of a
    readout begins with two hexadecimal digits, the mapping can be undone: no two ids are the same.
    """
    stem, suffix = os.path.splitext(name)
    parts = [_escape(part) for part in stem.split("/")]
    parts[-1] += "" if suffix == ".txt" else "~" + suffix[1:]
    if line is not None:
        parts.append(f"~n{line}" if isinstance(line, int) else _escape(line))
    return "/".join(parts)


def _escape(part: str) -> str:
    data = part.encode("utf-8", "surrogatepass")
    return _UNSAFE.sub(lambda match: b"~%02x" % match[0][0], data).decode()
