"""A concordance: every occurrence of a search on a line of its own, keyword in context (KWIC)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from indexer.search import IndexInfo
from indexer.statement import Statement

#: The most characters of context on either side of a match.
CONTEXT = 120

#: How many words decide an order by context.
WORDS = 3

_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")


class LineSort(Enum):
    """The order of lines: by the words right or left of the match, by date, or by source.

    ``RIGHT2`` goes by the second word to the right, then by the third and the fourth: three words
    outwards from the one that is named. Words are compared as they are searched (folded, each Han,
    Kana or Hangul character a word), in the order of their code points; where the title or the text
    has none, that comes first, and so do statements without a source. All ties go by date, the
    newest first and the undated last, then by id, title before text, and place.
    """

    RIGHT1 = "right1"
    RIGHT2 = "right2"
    RIGHT3 = "right3"
    LEFT1 = "left1"
    LEFT2 = "left2"
    LEFT3 = "left3"
    NEWEST = "newest"
    OLDEST = "oldest"
    SOURCE = "source"

    @property
    def steps(self) -> tuple[int, ...]:
        """The words that decide, counted from the match: 1 is the next one, -1 that before it."""
        side, place = self.value[:-1], self.value[-1]
        if side not in ("right", "left"):
            return ()
        steps = range(int(place), int(place) + WORDS)
        return tuple(step if side == "right" else -step for step in steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One occurrence in its title or text, of which ``left + match + right`` is a piece.

    ``statement`` is without its text. ``number`` is that of the match in the statement, from 1,
    those in the title first; occurrences that overlap are one match there. A side has up to
    ``CONTEXT`` characters, and begins and ends with the title or text itself, or else between
    words: ``opens`` and ``closes`` say where nothing is cut.
    """

    statement: Statement
    number: int
    in_title: bool
    left: str
    match: str
    right: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Lines in their order, which can be gone through once.

    ``total`` counts all occurrences, however many lines were asked for, ``statements`` those that
    have any.
    """

    total: int
    statements: int
    lines: Iterator[Line]
    index: IndexInfo


def on_one_line(text: str) -> str:
    """A piece of text with " ¶ " where a paragraph ends, a blank for any other run of blanks."""
    return re.sub(r"\s+", " ", _PARAGRAPH.sub(" ¶ ", text))
