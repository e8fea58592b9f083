"""The tree a query is read into: what an engine evaluates and what ``describe`` puts in words.

Words in the tree are tokens as ``indexer.analysis.tokenize`` makes them. The nodes that stand at
places in a text (Term, Phrase, Near, Prefix, Fuzzy) are looked for in title and text unless a
Field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from indexer.dates import DateRange


@dataclass(frozen=True, slots=True)
class Everything:
    """Every statement."""


EVERYTHING = Everything()


@dataclass(frozen=True, slots=True)
class Term:
    """A bare word: every form that shares its stem."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """These forms, exactly, next to each other in this order; one word is that form only."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    start: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word with the same first letter within ``edits`` insertions, deletions or changes."""

    word: str

    @property
    def edits(self) -> int:
        """The largest Levenshtein distance: 1 up to seven letters, 2 above."""
        return 1 if len(self.word) < 8 else 2


@dataclass(frozen=True, slots=True)
class Near:
    """Two to five parts near each other: at most ``distance - 1`` other words between them in all.

    Parts are Term, Phrase, Prefix, Fuzzy or an Or of these, and do not overlap; ``ordered`` keeps
    them in this order. An occurrence is a shortest stretch of text that holds all the parts
    (minimal intervals, as in Clarke, Cormack and Burkowski 1995).
    """

    parts: tuple["Query", ...]
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts; a Not among them excludes, and one part at least is not a Not."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more parts, none of them a Not."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match; stands in an And only."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Field:
    """``part`` looked for in one field.

    ``title`` and ``text`` take any part made of Term, Phrase, Near, Prefix, Fuzzy, And, Or, Not.
    The keyword fields take a Phrase or an Or of Phrases: with ``source``, ``kind`` and ``lang`` the
    whole value has exactly these words, with ``speaker``, ``country`` and ``place`` they stand in
    the value next to each other.
    """

    name: str
    part: "Query"


@dataclass(frozen=True, slots=True)
class Dates:
    """Statements of these days; one dated by month or year matches if all of it lies inside."""

    range: DateRange


Query = Union[Everything, Term, Phrase, Prefix, Fuzzy, Near, And, Or, Not, Field, Dates]

TEXT_FIELDS = ("title", "text")
KEYWORD_FIELDS = ("source", "speaker", "country", "kind", "lang", "place")
