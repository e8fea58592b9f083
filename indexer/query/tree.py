"""The tree a query is read into: what an engine evaluates and what ``describe`` puts in words.

Words in the tree are tokens as ``indexer.analysis.tokenize`` makes them. The nodes that stand at
places in a text (Term, Phrase, Near, Paragraph, Prefix, Fuzzy) are looked for in title and text unless a
Field says otherwise.

``str`` of a tree is its canonical text. A tree that came from ``parse_query`` is what its canonical
text is read as; there And does not stand directly in And, nor Or in Or.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Union

from indexer.analysis import tokenize
from indexer.dates import DateRange


@dataclass(frozen=True, slots=True)
class Everything:
    """Every statement."""

    def __str__(self) -> str:
        return ""


EVERYTHING = Everything()


@dataclass(frozen=True, slots=True)
class Term:
    """A bare word: every form that shares its stem."""

    word: str

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Phrase:
    """These forms, exactly, next to each other in this order; one word is that form only."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f'"{spell(self.words)}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    start: str

    def __str__(self) -> str:
        return f"{self.start}*"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word with the same first letter within ``edits`` insertions, deletions or changes."""

    word: str

    @property
    def edits(self) -> int:
        """The largest Levenshtein distance: 1 up to seven letters, 2 above."""
        return 1 if len(self.word) < 8 else 2

    def __str__(self) -> str:
        return f"{self.word}~"


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

    def __str__(self) -> str:
        if words := _loose_phrase(self):
            return f'"{" ".join(words)}"~{self.distance}'
        operator = f" {'ONEAR' if self.ordered else 'NEAR'}/{self.distance} "
        return operator.join(_in_brackets(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Two or more parts in one paragraph, in any order and however far apart.

    Parts are Term, Phrase, Prefix, Fuzzy, Near or an Or of these. Occurrences are those of the
    parts, in each paragraph that wholly holds one of every part. A title is one paragraph.
    """

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        if words := _loose_phrase(self):
            return f'"{" ".join(words)}"~p'
        return " NEAR/p ".join(
            f"({part})" if isinstance(part, Or) or _is_chain(part) else str(part)
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts; a Not among them excludes, and one part at least is not a Not."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " ".join(_in_brackets(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more parts, none of them a Not."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match; stands in an And only."""

    part: "Query"

    def __str__(self) -> str:
        if _is_chain(self.part):
            return f"NOT {self.part}"
        return f"-{_in_brackets(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class Field:
    """``part`` looked for in one field.

    ``title`` and ``text`` take any part made of what stands at places, And, Or, Not.
    The keyword fields take a Phrase or an Or of Phrases: with ``source``, ``kind`` and ``lang`` the
    whole value has exactly these words, with ``speaker``, ``country`` and ``place`` they stand in
    the value next to each other.
    """

    name: str
    part: "Query"

    def __str__(self) -> str:
        if self.name in KEYWORD_FIELDS:
            return f"{self.name}:{','.join(_value(value) for value in values(self))}"
        if _is_chain(self.part):
            return f"{self.name}:({self.part})"
        return f"{self.name}:{_in_brackets(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class Dates:
    """Statements of these days; one dated by month or year matches if all of it lies inside."""

    range: DateRange

    def __str__(self) -> str:
        return f"date:{self.range}"


Query = Union[
    Everything,
    Term,
    Phrase,
    Prefix,
    Fuzzy,
    Near,
    Paragraph,
    And,
    Or,
    Not,
    Field,
    Dates,
]

TEXT_FIELDS = ("title", "text")
KEYWORD_FIELDS = ("source", "speaker", "country", "kind", "lang", "place")


def spell(words: Sequence[str]) -> str:
    """Tokens as a text of these tokens: a blank only where they would run together without one."""
    text = "".join(words[:1])
    for left, right in pairwise(words):
        apart = tokenize(left + right) == [left, right]
        text += right if apart else f" {right}"
    return text


def values(field: Field) -> tuple[Query, ...]:
    """The values of a keyword field, of which a statement must have one."""
    return field.part.parts if isinstance(field.part, Or) else (field.part,)


def _value(value: Query) -> str:
    if isinstance(value, Phrase) and len(value.words) == 1:
        return value.words[0]
    return str(value)


def _loose_phrase(chain: Near | Paragraph) -> list[str]:
    """The words of what can be written as "a b"~5 or "a b"~p, otherwise none."""
    words = [
        part.words[0]
        for part in chain.parts
        if isinstance(part, Phrase) and len(part.words) == 1
    ]
    ordered = isinstance(chain, Near) and chain.ordered
    return words if len(words) == len(chain.parts) and not ordered else []


def _is_chain(query: Query) -> bool:
    """Whether a query is written with operators between its parts that bind like NEAR."""
    return isinstance(query, (Near, Paragraph)) and not _loose_phrase(query)


def _in_brackets(part: Query, *kinds: type[Query]) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)
