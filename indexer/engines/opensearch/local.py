"""Statements that came from the cluster, evaluated here: places, marks and lines are ours.

They become a segment of the same arrays as the embedded engine's, so what is found in them is
exact, and the same, by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines.opensearch.connection import Body
from indexer.engines.opensearch.documents import statement_of
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.builder import segment_arrays
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.hits import hits
from indexer.engines.whoosh.leaves import Sought
from indexer.engines.whoosh.segment import Segment
from indexer.search import Hit
from indexer.statement import Statement

# Bytes of text that are evaluated together.
_BATCH = 8_000_000


class Local(NamedTuple):
    """Some statements, at least one, as a segment."""

    segment: Segment
    evaluation: Evaluation

    @classmethod
    def of(cls, statements: Iterable[Statement], language: str) -> Local:
        """The segment of these statements."""
        batch = [(statement, "") for statement in statements]
        segment = Segment(segment_arrays(batch, language))
        return cls(segment, Evaluation(segment, None, language))

    @property
    def docs(self) -> Array:
        """All documents."""
        return np.arange(len(self.segment))

    def id(self, doc: int) -> str:
        """The id of a document's statement."""
        return self.segment.documents.id(doc)


def locals_of(found: Iterable[Body], language: str) -> Iterator[Local]:
    """What the cluster found, a batch at a time."""
    batch: list[Statement] = []
    size = 0
    for hit in found:
        batch.append(statement_of(hit["_source"]))
        size += len(batch[-1].text)
        if size >= _BATCH:
            yield Local.of(batch, language)
            batch, size = [], 0
    if batch:
        yield Local.of(batch, language)


def shown(
    found: Sequence[tuple[Statement, float]],
    wanted: Sequence[Sought],
    snippets: int,
    language: str,
) -> tuple[Hit, ...]:
    """The hits of a page: statements with their scores, in order."""
    if not found:
        return ()
    local = Local.of((statement for statement, _ in found), language)
    places = {local.id(doc): doc for doc in local.docs.tolist()}
    ranked = [(-score, 0, 0, places[statement.id]) for statement, score in found]
    return hits([local.evaluation], ranked, wanted, snippets)
