"""The data model: what cleaning makes of a readout."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

#: What parts the paragraphs of a text.
BLANK_LINE = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One diplomatic statement, cleaned.

    ``id`` comes from the readout's path below raw/ and is URL-safe. ``text`` is NFC, its
    paragraphs separated by one blank line. ``date`` is a calendar day or None (undated);
    ``date_precision`` is "day", "month" or "year", and with a month or a year ``date`` is its
    first day. ``agency`` is the news agency of the dateline, as that writes it. ``language`` is a
    BCP 47 tag. ``captions`` are photo captions and credits, kept apart and never part of ``text``.
    """

    id: str
    title: str
    text: str
    date: datetime.date | None = None
    date_precision: str = "day"
    source: str = ""
    kind: str = ""
    place: str = ""
    agency: str = ""
    countries: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    language: str = ""
    url: str = ""
    captions: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The title where it is a headline of its own, "" where it only repeats a photo caption.

        Only the headline is searched: a caption is not what anybody stated.
        """
        return "" if any(map(self._repeated_by, self.captions)) else self.title

    def _repeated_by(self, caption: str) -> bool:
        """Whether the title is this caption, but for a credit behind it."""
        rest = caption.removeprefix(self.title).lstrip()
        if len(rest) == len(caption):
            return False
        return self.title.endswith((".", "。")) or not rest[:1].isalnum()
