"""What a query looks for, in English words."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.dates import describe_range
from indexer.query.tree import (
    TEXT_FIELDS,
    And,
    Dates,
    Everything,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
    spell,
    values,
)

_IN = {"title": "in the title", "text": "in the text"}
_OF = {
    "source": "from the source",
    "speaker": "by the speaker",
    "country": "of the country",
    "kind": "of the kind",
    "lang": "in the language",
    "place": "at the place",
}


def describe(query: Query) -> str:
    """One line that says what was searched, to go after a count or "Searched for".

    Brackets in it group as they do in a query. It quotes words of the query: escape it.
    """
    return "every statement" if isinstance(query, Everything) else _say(query)


def _say(query: Query) -> str:
    """A query that stands by itself, or beside others with "or" between."""
    if isinstance(query, And):
        return _say_all(query)
    if isinstance(query, Or):
        asked = [_group(part) for part in query.parts if not _is_filter(part)]
        asked += [_say(part) for part in query.parts if _is_filter(part)]
        return _list(asked, "or")
    if _is_filter(query):
        return f"statements {_say_part(query)}"
    return _say_part(query)


def _say_part(query: Query) -> str:
    """A query that follows something else."""
    match query:
        case Term(word):
            return f"any form of “{word}”"
        case Phrase(words):
            sort = "phrase" if len(words) > 1 else "word"
            return f"the exact {sort} “{spell(words)}”"
        case Prefix(start):
            return f"words that begin with “{start}”"
        case Fuzzy(word):
            letters = "one letter" if query.edits == 1 else "two letters"
            return (
                f"words spelt like “{word}” but for {letters} at most after the first"
            )
        case Near():
            return _say_near(query)
        case Paragraph(parts):
            said = _list([_group(each) for each in parts], "and")
            return f"{said} in one paragraph"
        case Field(name, part) if name in TEXT_FIELDS:
            return f"{_group(part)} {_IN[name]}"
        case Field(name):
            asked = [
                f"“{spell(value.words)}”"
                for value in values(query)
                if isinstance(value, Phrase)
            ]
            return f"{_OF[name]} {_list(asked, 'or')}"
        case Dates(days):
            return f"dated {describe_range(days)}"
        case Not(part):
            return f"not {_group(part)}"
    return _say(query)


def _say_near(near: Near) -> str:
    words = "1 word" if near.distance == 1 else f"{near.distance} words"
    order = "in this order" if near.ordered else "in any order"
    parts = _list([_group(part) for part in near.parts], "and")
    return f"{parts} within {words} of each other, {order}"


def _say_all(query: And) -> str:
    """What is looked for, then what narrows it, then what is excluded."""
    looked_for, narrowing, excluded = [], [], []
    for part in query.parts:
        if isinstance(part, Not):
            excluded.append(_group(part.part))
        elif _is_filter(part):
            narrowing.append(_say_part(part))
        else:
            looked_for.append(_group(part))
    said = [_list(looked_for, "and") if looked_for else "statements"]
    said[0] += "" if looked_for or not narrowing else f" {narrowing.pop(0)}"
    said += narrowing
    if excluded:
        said.append(f"but not {', nor '.join(excluded)}")
    return ", ".join(said)


def _is_filter(query: Query) -> bool:
    """Whether a query asks what a statement is, not what it says."""
    return isinstance(query, Dates) or (
        isinstance(query, Field) and query.name not in TEXT_FIELDS
    )


def _group(query: Query) -> str:
    """A query in words, in brackets where it holds a conjunction."""
    joined = isinstance(query, (And, Or, Near, Paragraph))
    return f"({_say(query)})" if joined else _say_part(query)


def _list(parts: Sequence[str], conjunction: str) -> str:
    *first, last = parts
    return f"{', '.join(first)} {conjunction} {last}" if first else last
