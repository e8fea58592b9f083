"""Communiqué, through its public interface."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from indexer.analysis import stem_all
from indexer.engines import open_engine
from indexer.search import UNDATED, SearchRequest, SearchResults
from indexer.statement import Statement
from tests.bench.peers.base import Listed, Page


class Communique:
    """The engine as the pages use it."""

    def __init__(self, folder: Path, jobs: int = 1) -> None:
        self.name = "Communiqué" if jobs == 1 else f"Communiqué, {jobs} jobs"
        self.folder = folder / self.name
        self.version = f"{version('communique')} on Whoosh {version('whoosh')}"
        self.engine = open_engine(self.folder, jobs=jobs)

    def build(self, statements: Sequence[Statement]) -> None:
        """Index through ``writer()``."""
        with self.engine.writer(fresh=True) as writer:
            for statement in statements:
                writer.put(statement)
        self.engine.info()

    def search(self, request: SearchRequest) -> SearchResults:
        """One page."""
        return self.engine.search(request)

    def page(self, answer: SearchResults) -> Page:
        """The results as the peers give them."""
        hits = [
            Listed(
                hit.statement.id,
                hit.statement.title,
                hit.statement.date,
                hit.statement.source,
                hit.snippets,
            )
            for hit in answer.hits
        ]
        years = {
            0 if count.value == UNDATED else int(count.value): count.count
            for count in answer.facets["year"]
        }
        sources = {count.value: count.count for count in answer.facets["source"]}
        return Page(answer.total, hits, years, sources)

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """Snowball's."""
        return stem_all(list(words))

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()
