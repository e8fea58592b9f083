"""The tree of a query as JSON: what each node is stands in its ``node``."""

from __future__ import annotations

from typing import Union

from msgspec import Struct, field

from indexer import query as q


class Everything(Struct, tag_field="node", tag="everything"):
    """Every statement."""


class Term(Struct, tag_field="node", tag="term"):
    """Every form of a word."""

    word: str


class Phrase(Struct, tag_field="node", tag="phrase"):
    """These words, exactly, next to each other in this order."""

    words: list[str]


class Prefix(Struct, tag_field="node", tag="prefix"):
    """Every word that begins so."""

    start: str


class Fuzzy(Struct, tag_field="node", tag="fuzzy"):
    """Every word spelled so but for some letters."""

    word: str
    edits: int


class Near(Struct, tag_field="node", tag="near"):
    """Parts within so many words of each other, in this order if ordered."""

    parts: list[Node]
    distance: int
    ordered: bool


class And(Struct, tag_field="node", tag="and"):
    """All parts."""

    parts: list[Node]


class Or(Struct, tag_field="node", tag="or"):
    """One of the parts."""

    parts: list[Node]


class Paragraph(Struct, tag_field="node", tag="paragraph"):
    """All of the parts in one paragraph, in any order."""

    parts: list[Node]


class Not(Struct, tag_field="node", tag="not"):
    """What must not match."""

    part: Node


class Field(Struct, tag_field="node", tag="field"):
    """A part looked for in one field."""

    name: str
    part: Node


class Dates(Struct, tag_field="node", tag="dates"):
    """Statements of the days from the first to the last; null where that end is open."""

    first: str | None = field(name="from")
    last: str | None = field(name="to")


Node = Union[
    Everything, Term, Phrase, Prefix, Fuzzy, Near, Paragraph, And, Or, Not, Field, Dates
]


def tree_object(query: q.Query) -> Node:
    """The query as it is given in JSON."""
    match query:
        case q.Everything():
            return Everything()
        case q.Term(word):
            return Term(word)
        case q.Phrase(words):
            return Phrase(list(words))
        case q.Prefix(start):
            return Prefix(start)
        case q.Fuzzy(word):
            return Fuzzy(word, query.edits)
        case q.Near(parts, distance, ordered):
            return Near([*map(tree_object, parts)], distance, ordered)
        case q.Paragraph(parts):
            return Paragraph([*map(tree_object, parts)])
        case q.And(parts):
            return And([*map(tree_object, parts)])
        case q.Or(parts):
            return Or([*map(tree_object, parts)])
        case q.Not(part):
            return Not(tree_object(part))
        case q.Field(name, part):
            return Field(name, tree_object(part))
        case q.Dates(days):
            ends = (day.isoformat() if day else None for day in (days.first, days.last))
            return Dates(*ends)
