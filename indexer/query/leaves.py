"""Single words, phrases, values and dates: lexemes to the leaves of the tree."""

from __future__ import annotations

import re

from indexer.analysis import tokenize
from indexer.dates import DateRange, parse_date, parse_range, whole
from indexer.errors import QueryError
from indexer.query.faults import missing_value, near_parts, too_few
from indexer.query.scanner import PARAGRAPH, Lexeme, shown
from indexer.query.tree import (
    Dates,
    Fuzzy,
    Near,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)

#: The fewest letters or digits before ``*`` and before ``~``, and the most parts of a Near.
PREFIX_LETTERS = 3
FUZZY_LETTERS = 4
NEAR_PARTS = 5

_POSSESSIVE = re.compile(r"(.+)['’‘]s", re.IGNORECASE | re.DOTALL)
_FUZZY = re.compile(r"(.+)~([0-9]*)", re.DOTALL)


def read_word(lexeme: Lexeme) -> Query:
    """A bare word: Term, Prefix or Fuzzy, or a Phrase where it is several tokens.

    The possessive 's says nothing about a word and is dropped.
    """
    word = lexeme.text.rstrip(".,;:!?…")
    if "*" in word:
        return _read_prefix(word, lexeme.start)
    if match := _FUZZY.fullmatch(word):
        return _read_fuzzy(match[1], match[2], lexeme.start)
    owner = _POSSESSIVE.fullmatch(word)
    tokens = (tokenize(owner[1]) if owner else []) or tokenize(word)
    return Term(tokens[0]) if len(tokens) == 1 else Phrase(tuple(tokens))


def read_phrase(lexeme: Lexeme) -> Query:
    """Words in quotes: a Phrase, or with a distance a Near or a Paragraph of what stands between blanks."""
    words = [
        tuple(tokens) for part in lexeme.text.split() if (tokens := tokenize(part))
    ]
    if not words:
        raise QueryError(
            'There is no word in these quotes: write "joint statement", or leave them out.',
            lexeme.start,
        )
    if not lexeme.distance:
        return Phrase(sum(words, ()))
    parts = tuple(Phrase(tokens) for tokens in words)
    if lexeme.distance == PARAGRAPH:
        if len(parts) < 2:
            raise too_few(lexeme.start)
        return Paragraph(parts)
    if not 2 <= len(parts) <= NEAR_PARTS:
        raise near_parts(len(parts), lexeme.start)
    return Near(parts, lexeme.distance)


def read_value(field: Lexeme, lexeme: Lexeme) -> Phrase:
    """A value of a keyword field."""
    tokens = tokenize(lexeme.text)
    if not tokens:
        raise missing_value(field)
    if lexeme.distance or lexeme.text.endswith(("*", "~")):
        raise QueryError(
            f"“*” and “~” do not work in {field.text}: write the value in full.",
            lexeme.start,
        )
    return Phrase(tuple(tokens))


def read_dates(field: str, lexeme: Lexeme) -> Dates:
    """The days that ``date``, ``after`` or ``before`` means; the latter two include the day."""
    try:
        if field == "date":
            return Dates(parse_range(lexeme.text))
        days = whole(*parse_date(lexeme.text))
    except ValueError as error:
        raise QueryError(str(error), lexeme.start) from None
    if field == "after":
        return Dates(DateRange(first=days.first))
    return Dates(DateRange(last=days.last))


def _read_prefix(word: str, place: int) -> Query:
    start = word.removesuffix("*")
    tokens = tokenize(start)
    if "*" in start or start == word:
        raise QueryError(
            f"“*” works at the end of a word only: write docum*, not {shown(word)}.",
            place,
        )
    if tokens and _is_ideograph(
        tokens[-1]
    ):  # a text goes on after any of its characters
        return Phrase(tuple(tokens))
    if len(tokens) > 1:
        raise QueryError(
            f"“*” ends a single word, and {shown(start)} is searched as {len(tokens)}: "
            f"write {tokens[-1]}* alone.",
            place,
        )
    if len("".join(tokens)) < PREFIX_LETTERS:
        raise QueryError(
            f"“*” needs three letters or more before it: write docum*, not {shown(word)}.",
            place,
        )
    return Prefix(tokens[0])


def _read_fuzzy(word: str, figures: str, place: int) -> Query:
    tokens = tokenize(word)
    if len(tokens) != 1 or len(tokens[0]) < FUZZY_LETTERS:
        raise QueryError(
            "“~” follows a single word of four letters or more: "
            f"write takaichi~, not {shown(word + '~')}.",
            place,
        )
    if figures:
        raise QueryError(
            f"Write {tokens[0]}~ without a number: how far a form may differ goes by the "
            "length of the word.",
            place,
        )
    return Fuzzy(tokens[0])


def _is_ideograph(token: str) -> bool:
    """Whether a token is a character that is always one of its own."""
    return tokenize(token * 2) == [token, token]
