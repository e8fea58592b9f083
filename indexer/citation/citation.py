"""What a citation says, before any form is given to it."""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from indexer.statement import Statement

#: Of the 64 hexadecimal digits of the hash a citation gives so many: 64 bits.
DIGITS = 16

_KNOWN = {"year": 1, "month": 2}  # parts of a date that are known; of a day all three
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WEB = re.compile(r"https?://[^\s/][^\s]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A statement as somebody retrieved it.

    ``address`` is where its text was read, "" where that has no address; ``name`` is its source's
    own name, "" where it has none but its id. All parts are of one line, without control
    characters, and "" where they are not known.
    """

    statement: Statement
    retrieved: datetime.date
    address: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """The title, or that there is none."""
        return one_line(self.statement.title) or "Untitled"

    @property
    def author(self) -> str:
        """Whose statement it is: its source, as a body, not a person."""
        return one_line(self.name) or one_line(self.statement.source)

    @property
    def kind(self) -> str:
        """What it is: "readout", "joint statement"."""
        return one_line(self.statement.kind)

    @property
    def place(self) -> str:
        """Where it was made."""
        return one_line(self.statement.place)

    @property
    def language(self) -> str:
        """A BCP 47 tag."""
        return one_line(self.statement.language)

    @property
    def date(self) -> tuple[int, ...]:
        """Year, month and day, as many as are known; none of an undated statement."""
        day = self.statement.date
        if day is None:
            return ()
        known = _KNOWN.get(self.statement.date_precision, 3)
        return (day.year, day.month, day.day)[:known]

    @property
    def url(self) -> str:
        """The original's address on the web, else that of the text here."""
        original = self.statement.url.strip()
        return original if _WEB.fullmatch(original) else self.address

    @cached_property
    def digest(self) -> str:
        """The first digits of the SHA-256 of the text's bytes in UTF-8; "" where no text is known."""
        if not self.statement.text:
            return ""
        data = self.statement.text.encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()[:DIGITS]

    @property
    def note(self) -> str:
        """Where the text was read, and its hash."""
        read = self.address if self.address != self.url else ""
        hashed = f"its SHA-256 begins {self.digest}" if self.digest else ""
        said = ", ".join(filter(None, (read, hashed)))
        return f"Text: {said}" if said else ""


def one_line(text: str) -> str:
    """The text with every run of blanks and control characters as one blank."""
    return _BLANKS.sub(" ", text).strip()
