"""What to try where a search finds nothing: looser searches, each with what it would find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeGuard

from indexer.engine import Engine
from indexer.errors import QueryError
from indexer.query import (
    EVERYTHING,
    And,
    Field,
    Near,
    Or,
    Paragraph,
    Phrase,
    Query,
    Term,
    parse_query,
    words,
)
from indexer.query.leaves import FUZZY_LETTERS, NEAR_PARTS
from indexer.query.tree import TEXT_FIELDS
from indexer.search import SearchRequest

_SPELLINGS = 3
_MOST_WORDS = 3  # of a query, that are spelled otherwise
_ANY_ORDER = (
    3  # so many words are sought in any order; of more there are too many orders
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One looser search: how it is looser, and how many statements it finds, at least one.

    ``request`` differs from the one that found nothing in its query, its dates or its filters.
    """

    looser: str
    request: SearchRequest
    total: int


def ladder(engine: Engine, request: SearchRequest) -> tuple[Rung, ...]:
    """The looser searches that find something, the nearest first; none is made in its place."""
    asked = [replace(request, facets=(), limit=0, offset=0, uses=False)]
    rungs = []
    for looser, tried in _tries(engine, asked[0]):
        if tried not in asked:
            asked.append(tried)
            if total := engine.search(tried).total:
                rungs.append(Rung(looser=looser, request=tried, total=total))
    return tuple(rungs)


def _tries(
    engine: Engine, request: SearchRequest
) -> Iterator[tuple[str, SearchRequest]]:
    query = request.query
    for word, spelled in _misspelled(engine, query):
        respelled = _changed(query, partial(_respell, word=word, spelled=spelled))
        yield from _tried(f"did you mean “{spelled}”?", request, respelled)
    for looser, change in _CHANGES:
        yield from _tried(looser, request, _changed(query, change))
    if request.dates:
        yield "of any date", replace(request, dates=None)
    if request.filters:
        yield "without the filters", replace(request, filters={})
    said = words(query)
    if said != EVERYTHING:
        everywhere = replace(request, dates=None, filters={})
        yield from _tried("in the whole corpus", everywhere, said)


def _tried(
    looser: str, request: SearchRequest, query: Query
) -> Iterator[tuple[str, SearchRequest]]:
    """The request with another query, as a link to it will be read; nothing if it cannot be."""
    try:
        yield looser, replace(request, query=parse_query(str(query)))
    except QueryError:  # more than a query may hold: this step is left out
        return


def _changed(query: Query, change: Callable[[Query], Query]) -> Query:
    """The query with each of its leaves changed, but for those that exclude or filter."""
    match query:
        case And(parts):
            return And(tuple(_changed(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(_changed(part, change) for part in parts))
        case Field(name, part) if name in TEXT_FIELDS:
            return Field(name, _changed(part, change))
        case Phrase() | Near() | Paragraph() | Term():
            return change(query)
    return query


def _any_form(leaf: Query) -> Query:
    """The same words in the same places, in any form."""
    match leaf:
        case Phrase(said) if len(said) <= NEAR_PARTS:
            return _near(said, 1, ordered=True)
        case Near(parts, distance, ordered) if ordered or len(parts) <= _ANY_ORDER:
            return Near(tuple(map(_any_form_of_word, parts)), distance, ordered)
        case Paragraph(parts):
            return Paragraph(tuple(map(_any_form_of_word, parts)))
    return leaf


def _any_form_of_word(part: Query) -> Query:
    return Term(part.words[0]) if _is_word(part) else part


def _within(distance: int) -> Callable[[Query], Query]:
    """All words of a phrase, in any form, near each other; a few of them in any order."""

    def change(leaf: Query) -> Query:
        match leaf:
            case Phrase(said) if len(said) <= NEAR_PARTS:
                return _near(said, distance, ordered=len(said) > _ANY_ORDER)
            case Near(parts, before, _) if len(parts) <= _ANY_ORDER:
                loose = tuple(map(_any_form_of_word, parts))
                return Near(loose, max(before, distance))
        return leaf

    return change


def _in_paragraph(leaf: Query) -> Query:
    """All words of a phrase, in any form and place, of one paragraph."""
    return _all(Paragraph, leaf)


def _anywhere(leaf: Query) -> Query:
    """All words of a phrase, in any form, wherever they are."""
    return _all(And, leaf)


def _all(kind: type[Paragraph] | type[And], leaf: Query) -> Query:
    match leaf:
        case Phrase() | Near() | Paragraph():
            found = tuple(dict.fromkeys(_loose(leaf)))
            return kind(found) if len(found) > 1 else found[0]
    return leaf


def _loose(leaf: Query) -> Iterator[Query]:
    """The words of a leaf in any form, and what of it is more than words as it is."""
    match leaf:
        case Phrase(said):
            yield from map(Term, said)
        case Near(parts) | Paragraph(parts):
            for part in parts:
                yield from _loose(part)
        case _:
            yield leaf


def _near(said: tuple[str, ...], distance: int, *, ordered: bool) -> Query:
    parts = tuple(map(Term, said))
    return Near(parts, distance, ordered) if len(parts) > 1 else parts[0]


_CHANGES = (
    ("other forms of the words", _any_form),
    ("the words within 3 of each other", _within(3)),
    ("all of the words in one paragraph", _in_paragraph),
    ("all of the words", _anywhere),
)


def _misspelled(engine: Engine, query: Query) -> Iterator[tuple[str, str]]:
    """Words of the query that the corpus does not have, each with some that it has."""
    unknown = [
        word
        for word in dict.fromkeys(_words(query))
        if len(word) >= FUZZY_LETTERS and not _occurs(engine, word)
    ]
    for word in unknown[:_MOST_WORDS]:
        for spelled in engine.spellings(word)[:_SPELLINGS]:
            yield word, spelled


def _occurs(engine: Engine, word: str) -> bool:
    exact = SearchRequest(query=Phrase((word,)), facets=(), limit=0)
    return engine.search(exact).total > 0


def _words(query: Query) -> Iterator[str]:
    match query:
        case And(parts) | Or(parts) | Near(parts) | Paragraph(parts):
            for part in parts:
                yield from _words(part)
        case Field(name, part) if name in TEXT_FIELDS:
            yield from _words(part)
        case Phrase(said):
            yield from said
        case Term(word):
            yield word


def _respell(leaf: Query, word: str, spelled: str) -> Query:
    match leaf:
        case Phrase(said):
            return Phrase(tuple(spelled if each == word else each for each in said))
        case Term(each) if each == word:
            return Term(spelled)
        case Near(parts, distance, ordered):
            respelled = tuple(_respell(part, word, spelled) for part in parts)
            return Near(respelled, distance, ordered)
        case Paragraph(parts):
            return Paragraph(tuple(_respell(part, word, spelled) for part in parts))
        case Or(parts):
            return Or(tuple(_respell(part, word, spelled) for part in parts))
    return leaf


def _is_word(part: Query) -> TypeGuard[Phrase]:
    return isinstance(part, Phrase) and len(part.words) == 1
