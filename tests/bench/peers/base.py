"""What an engine does in a run: build, then answer one page after another."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from indexer.analysis import fold
from indexer.search import SearchRequest, Snippet
from indexer.statement import Statement


class Listed(NamedTuple):
    """One hit of a page."""

    id: str
    title: str
    date: datetime.date | None
    source: str
    snippets: Sequence[Snippet]


class Page(NamedTuple):
    """One search page; the counts are those of the whole result."""

    total: int
    hits: Sequence[Listed]
    years: Mapping[int, int]
    sources: Mapping[str, int]


class Peer(Protocol):
    """An engine with its index in a folder of its own."""

    name: str
    version: str
    folder: Path

    def build(self, statements: Sequence[Statement]) -> None:
        """Index the statements and be ready to answer."""

    def search(self, request: SearchRequest) -> Any:
        """Answer; this is what is timed."""

    def page(self, answer: Any) -> Page:
        """The answer in a form that can be compared."""

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """How the engine stems folded words: those of the same stem match each other."""

    def close(self) -> None:
        """Let go of the index."""


def tokens_kept(text: str) -> str:
    """A text that every engine's own tokenizer cuts as ours does.

    All cut ASCII alike and natively; other texts are handed over folded, their tokens parted by
    blanks, since ligatures, accents and CJK are cut in as many ways as there are engines.
    """
    return text if text.isascii() else fold(text)


def year(statement: Statement) -> int:
    """The year of a statement, 0 for an undated one."""
    return statement.date.year if statement.date else 0


def day(statement: Statement) -> int:
    """The day as an ordinal number, 0 for an undated one."""
    return statement.date.toordinal() if statement.date else 0


def date_of(number: int) -> datetime.date | None:
    """What ``day`` gave, as a date."""
    return datetime.date.fromordinal(number) if number else None


def days(request: SearchRequest) -> tuple[int, int] | None:
    """The first and the last day that a request asks for, or None."""
    if request.dates is None:
        return None
    first, last = request.dates.first, request.dates.last
    return (
        first.toordinal() if first else 1,
        last.toordinal() if last else datetime.date.max.toordinal(),
    )
