"""What a query matches in a statement, and where: by looking at every token.

Simple enough to be believed; it shares nothing with the engines but the analysis and the tree.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from itertools import permutations

from indexer.analysis import spans, stem, tokenize
from indexer.dates import DateRange
from indexer.query import (
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
)
from indexer.query.tree import TEXT_FIELDS
from indexer.statement import Statement

Span = tuple[int, int]


class Tokens(list[str]):
    """The tokens of some paragraphs, and the number of the paragraph in which each is."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        found = [tokenize(each) for each in paragraphs]
        super().__init__(token for each in found for token in each)
        self.paragraphs = [number for number, each in enumerate(found) for _ in each]


class Document:
    """A statement with its tokens: title and text are two lists that nothing spans."""

    def __init__(self, statement: Statement, digest: str) -> None:
        self.statement = statement
        self.digest = digest
        self.searched = {"title": statement.headline, "text": statement.text}
        self.tokens = {
            "title": Tokens([statement.headline]),
            "text": Tokens(statement.text.split("\n\n")),
        }
        for name, text in self.searched.items():
            assert self.tokens[name] == tokenize(text)

    def characters(self, name: str, found: set[Span]) -> tuple[Span, ...]:
        """Token spans as ranges of characters; those that overlap become one."""
        starts, ends = (offsets.tolist() for offsets in spans(self.searched[name]))
        assert len(starts) == len(ends) == len(self.tokens[name])
        marks: list[Span] = []
        for start, end in sorted(
            (starts[first], ends[last - 1]) for first, last in found
        ):
            if marks and start < marks[-1][1]:
                marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
            else:
                marks.append((start, end))
        return tuple(marks)


def holds(
    query: Query,
    document: Document,
    language: str,
    names: tuple[str, ...] = TEXT_FIELDS,
) -> bool:
    """Whether the statement matches the query, looked for in the fields ``names``."""
    match query:
        case Everything():
            return True
        case And(parts):
            return all(holds(part, document, language, names) for part in parts)
        case Or(parts):
            return any(holds(part, document, language, names) for part in parts)
        case Not(part):
            return not holds(part, document, language, names)
        case Dates(dates):
            return inside(document.statement, dates)
        case Field(name, part) if name in TEXT_FIELDS:
            return holds(part, document, language, (name,))
        case Field(name, part):
            return has_keyword(document.statement, name, part)
        case leaf:
            return any(leaf_spans(leaf, document.tokens[n], language) for n in names)


def has_keyword(statement: Statement, name: str, part: Query) -> bool:
    """Whether a keyword field has the words of a Phrase, or of one of several."""
    if isinstance(part, Or):
        return any(has_keyword(statement, name, each) for each in part.parts)
    assert isinstance(part, Phrase)
    words = list(part.words)
    values = {
        "source": (statement.source,),
        "kind": (statement.kind,),
        "lang": (statement.language,),
        "place": (statement.place,),
        "speaker": statement.speakers,
        "country": statement.countries,
    }[name]
    tokens = [tokenize(value) for value in values]
    if name in ("source", "kind", "lang"):
        return words in tokens
    return any(phrase_spans(words, each) for each in tokens)


def days(statement: Statement) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day that the statement's date may mean."""
    date = statement.date
    if date is None:
        return None
    if statement.date_precision == "year":
        return date.replace(month=1, day=1), date.replace(month=12, day=31)
    if statement.date_precision == "month":
        length = calendar.monthrange(date.year, date.month)[1]
        return date.replace(day=1), date.replace(day=length)
    return date, date


def inside(statement: Statement, dates: DateRange) -> bool:
    """Whether all of the statement's date lies in the range; an undated one never does."""
    interval = days(statement)
    if interval is None:
        return False
    first, last = interval
    return (dates.first is None or dates.first <= first) and (
        dates.last is None or last <= dates.last
    )


# Where it matches: spans (start, end) in tokens


def positive_spans(
    query: Query, name: str, tokens: list[str], language: str
) -> set[Span]:
    """Where the field ``name`` with these tokens has what the query asks for, not excludes."""
    match query:
        case Everything() | Not() | Dates():
            return set()
        case And(parts) | Or(parts):
            return union(positive_spans(part, name, tokens, language) for part in parts)
        case Field(field, part):
            return (
                positive_spans(part, name, tokens, language) if field == name else set()
            )
        case leaf:
            return leaf_spans(leaf, tokens, language)


def leaf_spans(leaf: Query, tokens: list[str], language: str) -> set[Span]:
    """Every occurrence of a node that stands at places in a text."""
    match leaf:
        case Phrase(words):
            return phrase_spans(list(words), tokens)
        case Near(parts, distance, True):
            return ordered_spans(
                [part_spans(part, tokens, language) for part in parts], distance
            )
        case Near(parts, distance, False):
            found = [part_spans(part, tokens, language) for part in parts]
            orders = permutations(found)
            return minimal(union(ordered_spans(order, distance) for order in orders))
        case Paragraph(parts):
            assert isinstance(tokens, Tokens)
            found = [part_spans(part, tokens, language) for part in parts]
            return shared_spans(found, tokens.paragraphs)
        case Term(word):
            wanted = stem(word, language)
            return single(stem(token, language) == wanted for token in tokens)
        case Prefix(start):
            return single(token.startswith(start) for token in tokens)
        case Fuzzy(word):
            return single(
                token[0] == word[0] and levenshtein(token, word) <= leaf.edits
                for token in tokens
            )
    raise TypeError(f"{leaf!r} stands at no places")


def part_spans(part: Query, tokens: list[str], language: str) -> set[Span]:
    """Every occurrence of a part of a Near or a Paragraph: of an Or, the shortest of its parts' ones."""
    if isinstance(part, Or):
        return minimal(union(leaf_spans(each, tokens, language) for each in part.parts))
    return leaf_spans(part, tokens, language)


def shared_spans(parts: list[set[Span]], paragraphs: list[int]) -> set[Span]:
    """The spans of all parts in the paragraphs that hold one of each, of its first to last token."""
    whole = [
        {
            (start, end)
            for start, end in each
            if paragraphs[start] == paragraphs[end - 1]
        }
        for each in parts
    ]
    found = [{paragraphs[start] for start, _ in each} for each in whole]
    shared = set.intersection(*found)
    return {span for span in union(whole) if paragraphs[span[0]] in shared}


def ordered_spans(parts: Iterable[set[Span]], distance: int) -> set[Span]:
    """The shortest windows that hold one occurrence of each part in order, near enough.

    Every chain of occurrences is tried, as (start, end, words that the parts cover).
    """
    first, *others = parts
    chains = {(start, end, end - start) for start, end in first}
    for occurrences in others:
        chains = {
            (start, part_end, covered + part_end - part_start)
            for start, end, covered in chains
            for part_start, part_end in occurrences
            if part_start >= end
        }
    shortest = minimal({(start, end) for start, end, _ in chains})
    return {
        (start, end)
        for start, end, covered in chains
        if (start, end) in shortest and end - start - covered <= distance - 1
    }


def phrase_spans(words: list[str], tokens: list[str]) -> set[Span]:
    """Where ``words`` stand next to each other."""
    length = len(words)
    return {
        (start, start + length)
        for start in range(len(tokens) - length + 1)
        if tokens[start : start + length] == words
    }


def single(answers: Iterable[bool]) -> set[Span]:
    """The spans of the single tokens for which the answer is yes."""
    return {(place, place + 1) for place, answer in enumerate(answers) if answer}


def minimal(found: set[Span]) -> set[Span]:
    """Those spans that have no other span inside them."""
    return {
        (start, end)
        for start, end in found
        if not any(
            start <= other_start and other_end <= end
            for other_start, other_end in found - {(start, end)}
        )
    }


def union(sets: Iterable[set[Span]]) -> set[Span]:
    return set().union(*sets)


def levenshtein(one: str, other: str) -> int:
    """The fewest insertions, deletions and changes of a letter that make one the other."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row = row, [i]
        for j, other_letter in enumerate(other, 1):
            change = before[j - 1] + (letter != other_letter)
            row.append(min(change, before[j] + 1, row[j - 1] + 1))
    return row[-1]
