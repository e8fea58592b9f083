"""What an engine promises: the only thing that pipeline, command line and pages know of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from indexer.concordance import Concordance, LineSort
from indexer.periods import Period
from indexer.query import Query
from indexer.search import AllHits, IndexInfo, Marked, SearchRequest, SearchResults
from indexer.statement import Statement
from indexer.timeline import Timeline


class Writer(Protocol):
    """Publishes all at once when its ``with`` block is left cleanly, or nothing at all."""

    def put(self, statement: Statement, digest: str = "") -> None:
        """Add the statement, or replace the one with its id. ``digest`` tells its content."""

    def remove(self, statement_id: str) -> None:
        """Take the statement out; an unknown id is no error."""

    def note(self, name: str, data: bytes) -> None:
        """Keep ``data`` with what is published, under ``name`` (lower-case letters)."""


class Engine(Protocol):
    """A place where statements are kept and searched.

    Every method but ``writer`` raises IndexMissing where nothing was built, IndexOutdated where
    another version of the format built it. One engine serves all threads.
    """

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search; totals and facets are exact. A page past the end is empty."""

    def hits(self, request: SearchRequest) -> AllHits:
        """Every hit of a search in its order, made as they are asked for, all of one generation.

        Their statements are whole, with their texts.
        The request's ``offset``, ``limit``, ``facets`` and ``fold`` are ignored: nothing is cut.
        """

    def tokens(self, request: SearchRequest) -> Mapping[str, Mapping[str, int]]:
        """The facets of a search, counted in the tokens of text and headline of its statements.

        For each facet its values with their tokens, of just the statements that its counts have;
        those of a statement with several values count for each.
        """

    def timelines(
        self,
        requests: Sequence[SearchRequest],
        *,
        period: Period,
        by: str | None = None,
    ) -> tuple[Timeline, ...]:
        """The whole result of each search by period, all of one generation.

        ``by`` is one of ``indexer.timeline.BY``. Order, page and facets of the requests are ignored.
        """

    def concordance(
        self,
        request: SearchRequest,
        *,
        sort: LineSort = LineSort.RIGHT1,
        offset: int = 0,
        limit: int | None = None,
    ) -> Concordance:
        """Every occurrence in the whole result on a line, all of one generation.

        ``offset`` and ``limit`` cut the lines, made as they are asked for, and not the counts;
        without a limit all are there. The request's own ``sort``, ``offset``, ``limit``,
        ``facets``, ``snippets`` and ``fold`` are ignored.
        """

    def get(self, statement_id: str) -> Statement | None:
        """The whole statement, or None."""

    def matches(self, query: Query, statement_id: str) -> Marked | None:
        """Title and text with every match of ``query`` marked; None where there is no such id."""

    def spellings(self, word: str) -> list[str]:
        """Words of titles and texts spelled nearly like this token, the nearest first.

        At most one letter differs, or two of a word of eight or more: one put in, left out,
        changed, or two neighbours swapped. Of those as near the most frequent comes first. Words of
        statements that were removed may be among them for a while.
        """

    def completions(self, prefix: str, limit: int) -> list[str]:
        """Words of titles and texts that begin with this token, the most frequent first.

        At most ``limit``, at least 1; of those as frequent in the order of code points. Words of
        statements that were removed may count for a while.
        """

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id with the digest that was put with it."""

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement with the digest that was put with it, all of one generation.

        They are read as they are asked for, in any order.
        """

    def info(self) -> IndexInfo:
        """Which generation answers, and how large it is."""

    def notes(self) -> list[str]:
        """The names under which the last writer kept something."""

    def note(self, name: str) -> bytes | None:
        """What the last writer kept under ``name``, or None."""

    def verify(self) -> list[str]:
        """Read everything and compare it with its checksums: a sentence for each fault found."""

    def writer(self, *, fresh: bool = False) -> AbstractContextManager[Writer]:
        """The one writer, ``fresh`` from nothing; IndexBusy where somebody else writes."""

    def close(self) -> None:
        """Let go of files and connections."""
