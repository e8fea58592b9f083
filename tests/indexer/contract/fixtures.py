"""What the contract's tests stand on: an engine at an empty place, and ways to fill and ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.engine import Engine
from indexer.query import EVERYTHING, Phrase, Query
from indexer.search import FACETS, SearchRequest, SearchResults, Sort
from indexer.statement import Statement


def said(statement_id: str, text: str = "", **known: object) -> Statement:
    """A statement of which only this is known."""
    return Statement(id=statement_id, text=text, **{"title": "", **known})


def quoted(words: str) -> Phrase:
    """What ``"words"`` asks for, the words written folded."""
    return Phrase(tuple(words.split()))


def publish(engine: Engine, *statements: Statement) -> None:
    """Put all of them in one writer's session."""
    with engine.writer() as writer:
        for statement in statements:
            writer.put(statement)


def ask(engine: Engine, query: Query = EVERYTHING, **request: object) -> SearchResults:
    """Search with every facet, the newest first unless the request says otherwise."""
    asked = {"facets": FACETS, "sort": Sort.NEWEST, **request}
    return engine.search(SearchRequest(query=query, **asked))


def found(engine: Engine, query: Query = EVERYTHING, **request: object) -> list[str]:
    """The ids of the hits, in their order."""
    results = ask(engine, query, **request)
    return [hit.statement.id for hit in results.hits]


def counts(results: SearchResults, facet: str) -> list[tuple[str, int]]:
    """A facet's values with their counts, in their order."""
    return [(each.value, each.count) for each in results.facets[facet]]


class EngineFixtures:
    """A fresh ``engine`` for each test, and ``reopen`` for a second one on the same place."""

    def make(self, path: Path) -> Engine:
        """An engine on the folder ``path``, which need not exist."""
        raise NotImplementedError

    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
        opened: list[Engine] = []

        def open_another() -> Engine:
            opened.append(self.make(tmp_path / "index"))
            return opened[-1]

        yield open_another
        for engine in opened:
            engine.close()

    @pytest.fixture
    def engine(self, reopen: Callable[[], Engine]) -> Engine:
        return reopen()
