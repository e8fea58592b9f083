"""Which statements a query looks into, apart from what it looks for in them."""

from __future__ import annotations

from indexer.query.tree import (
    EVERYTHING,
    TEXT_FIELDS,
    And,
    Dates,
    Everything,
    Field,
    Not,
    Or,
    Query,
)


def scope(query: Query) -> Query:
    """What is left of a query without its words: the dates, the sources, the kinds it asks for.

    Only what every statement must meet is kept; without any it is EVERYTHING.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    kept = tuple(part for part in parts if not _has_words(part))
    if not kept:
        return EVERYTHING
    return kept[0] if len(kept) == 1 else And(kept)


def words(query: Query) -> Query:
    """What is left of a query without its ``scope``: what it looks for, and what it excludes.

    EVERYTHING where that is nothing, or exclusions alone.
    """
    parts = query.parts if isinstance(query, And) else (query,)
    kept = tuple(part for part in parts if _has_words(part))
    if all(isinstance(part, Not) for part in kept):
        return EVERYTHING
    return kept[0] if len(kept) == 1 else And(kept)


def when(query: Query) -> Query:
    """What is left of a query without all but its dates, those that every statement must meet."""
    parts = query.parts if isinstance(query, And) else (query,)
    kept = tuple(part for part in parts if isinstance(part, Dates))
    if not kept:
        return EVERYTHING
    return kept[0] if len(kept) == 1 else And(kept)


def _has_words(query: Query) -> bool:
    match query:
        case Everything() | Dates():
            return False
        case And(parts) | Or(parts):
            return any(map(_has_words, parts))
        case Not(part):
            return _has_words(part)
        case Field(name, _):
            return name in TEXT_FIELDS
    return True
