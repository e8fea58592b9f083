"""What a query that is being typed may become: words, sources and names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from indexer.analysis import fold, spans, tokenize
from indexer.engine import Engine
from indexer.errors import QueryError
from indexer.query import parse_query
from indexer.query.scanner import DATE_FIELDS
from indexer.query.tree import KEYWORD_FIELDS, TEXT_FIELDS
from indexer.query.unfinished import Unfinished, unfinished

#: The most that are asked for at once.
MOST = 50

_NAMES = (*TEXT_FIELDS, *KEYWORD_FIELDS, *DATE_FIELDS)
_PLAIN = re.compile(r"[\w.-]+")


class Kind(Enum):
    """What the word that is being typed was completed to."""

    WORD = "word"
    SOURCE = "source"
    FIELD = "field"


class Suggestion(NamedTuple):
    """``completion`` in place of the last word, and the whole ``text`` with it.

    The text is a query, its quotation marks and brackets closed; with a FIELD, the beginning of one.
    """

    text: str
    completion: str
    kind: Kind


def suggestions(
    engine: Engine, sources: Iterable[str], text: str, limit: int
) -> list[Suggestion]:
    """Up to ``limit`` completions of the last word of ``text``: words first, by how frequent they are.

    Words are told as they are searched, folded. Up to half are ``sources`` and names of fields, where
    one may stand here and begins so. None where the text ends in no word.
    """
    typed = unfinished(text)
    named = [] if typed.quoted or not typed.word else list(_named(typed, sources))
    named = named[: (limit + 1) // 2]
    words = list(_words(engine, typed, limit))[: limit - len(named)]
    return words + named


def _words(engine: Engine, typed: Unfinished, limit: int) -> Iterator[Suggestion]:
    """Words of titles and texts that begin as the last token does."""
    if typed.field and typed.field not in TEXT_FIELDS:
        return
    starts, ends = spans(typed.word)
    if not len(ends) or ends[-1] != len(typed.word):
        return
    token, before = tokenize(typed.word)[-1], typed.word[: starts[-1]]
    for word in engine.completions(token, limit + 1):
        if word != token:
            whole = typed.before + before + word + typed.closing
            if _can_be_read(whole):
                yield Suggestion(whole, word, Kind.WORD)


def _named(typed: Unfinished, sources: Iterable[str]) -> Iterator[Suggestion]:
    """Sources, and names of fields."""
    start = fold(typed.word)
    if start and typed.field in ("", "source"):
        field = "" if typed.field else "source:"
        for source in sources:
            if fold(source).startswith(start):
                value = source if _PLAIN.fullmatch(source) else f'"{source}"'
                whole = typed.before + field + value + typed.closing
                if value != typed.word and _can_be_read(whole):
                    yield Suggestion(whole, source, Kind.SOURCE)
    if not typed.field:
        for name in _NAMES:
            if name.startswith(typed.word.lower()):
                yield Suggestion(f"{typed.before}{name}:", f"{name}:", Kind.FIELD)


def _can_be_read(text: str) -> bool:
    try:
        parse_query(text)
    except QueryError:
        return False
    return True
