"""Where a page of a result ends and the next begins, as text that only this server understands.

A cursor belongs to one search and to one generation of the index, which never changes: so pages have
neither gaps nor doubles. It is bytes in base64url: what tells the search and the generation (8 bytes
of a SHA-256 each), and how many hits or lines are before it.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Self
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Gone

from indexer.search import IndexInfo
from webapp.arguments import ParamsError

#: What a cursor looks like, as a regular expression.
SHAPE = "^[A-Za-z0-9_-]{32}$"

_FORM = struct.Struct(">8s8sQ")
_MOST = 2**53  # no result has more
_CUTTING = ("cursor", "limit")  # what an address has besides the search


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the result of a search.

    ``asked`` are the arguments of its address but for those that cut it, ``offset`` how many are
    before it; ``index`` tells the generation, and is empty on the first page, which any may answer.
    """

    asked: list[tuple[str, str]]
    offset: int = 0
    index: bytes = b""

    @classmethod
    def of(cls, args: MultiDict[str, str], cursor: str) -> Self:
        """The place that ``cursor`` names in the search of ``args``, the first one for "".

        ParamsError where it is no cursor, or that of another search.
        """
        given = [each for each in args.items(multi=True) if each[0] not in _CUTTING]
        if not cursor:
            return cls(asked=given)
        try:
            search, index, offset = _FORM.unpack(
                base64.b64decode(cursor, altchars="-_", validate=True)
            )
        except (ValueError, struct.error):
            search, index, offset = b"", b"", 0
        if search != _search(given) or offset > _MOST:
            raise ParamsError(
                "cursor",
                "This cursor belongs to no page of this search. Leave it out to begin with the "
                "first, and take each next as it is.",
            )
        return cls(asked=given, offset=offset, index=index)

    def following(self, limit: int, total: int, index: IndexInfo) -> str | None:
        """The address of the next page, relative to this one's; None after the last.

        ``index`` is what answered. Raises Gone, a 410, where it is not what the first page is from.
        """
        own = _told(f"{index.generation} {index.fingerprint} {index.built_at}")
        if self.index not in (b"", own):
            raise Gone(
                "A new index was published since the first page was read, and pages of two do not "
                "fit together. Leave out the cursor to begin again."
            )
        after = self.offset + limit
        if after >= total:
            return None
        cursor = _FORM.pack(_search(self.asked), own, after)
        cutting = [
            ("limit", str(limit)),
            ("cursor", base64.urlsafe_b64encode(cursor).decode()),
        ]
        return f"?{urlencode(self.asked + cutting)}"


def _search(asked: list[tuple[str, str]]) -> bytes:
    return _told(urlencode(sorted(asked)))


def _told(text: str) -> bytes:
    return sha256(text.encode()).digest()[:8]
