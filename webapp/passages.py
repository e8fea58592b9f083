"""A marked text in paragraphs, its matches numbered, ready for a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.search import Snippet
from indexer.statement import BLANK_LINE


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``match`` is the number of the match it belongs to, 0 where it is none.

    A match that runs over a paragraph's end is several pieces, and ``first`` is true of one.
    """

    text: str
    match: int = 0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, numbered from 1 as in citations."""

    number: int
    pieces: tuple[Piece, ...]


def disjoint(marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """The marks in order, each cut back to where the one before it ends; empty ones left out."""
    done = 0
    for start, end in sorted(marks):
        start = max(start, done)
        if start < end:
            yield start, end
            done = end


def line(snippet: Snippet) -> tuple[Piece, ...]:
    """The pieces of a text of one line, its matches numbered from 1."""
    return tuple(_pieces(snippet.text, 0, list(enumerate(disjoint(snippet.marks), 1))))


def matches_in(pieces: tuple[Piece, ...]) -> int:
    """The number of the last match in the pieces, 0 where there is none."""
    return max((piece.match for piece in pieces), default=0)


def paragraphs(snippet: Snippet, before: int = 0) -> tuple[Paragraph, ...]:
    """The paragraphs of a whole text, as its blank lines part them.

    Its matches are numbered on from the ``before`` that stand before it.
    """
    marks = list(enumerate(disjoint(snippet.marks), before + 1))
    found = []
    offset = 0
    for number, text in enumerate(snippet.text.split(BLANK_LINE), 1):
        found.append(Paragraph(number, tuple(_pieces(text, offset, marks))))
        offset += len(text) + len(BLANK_LINE)
    return tuple(found)


def _pieces(
    text: str, offset: int, marks: list[tuple[int, tuple[int, int]]]
) -> Iterator[Piece]:
    done = 0
    for number, (start, end) in marks:
        left = max(start - offset, 0)
        right = min(end - offset, len(text))
        if left >= right:
            continue
        if done < left:
            yield Piece(text[done:left])
        yield Piece(text[left:right], number, first=start >= offset)
        done = right
    if done < len(text):
        yield Piece(text[done:])
