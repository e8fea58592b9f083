"""The segments of one generation, and what is known of all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property, partial

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.dates import DateRange
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.collation import Collation
from indexer.engines.whoosh.copies import COPIES, read_groups
from indexer.engines.whoosh.evaluate import Evaluation
from indexer.engines.whoosh.facets import Months
from indexer.engines.whoosh.folding import Copies
from indexer.engines.whoosh.generations import Generation
from indexer.engines.whoosh.keywords import Values
from indexer.engines.whoosh.rank import norms
from indexer.engines.whoosh.schema import INDEX_NAME
from indexer.engines.whoosh.segment import Segment, open_segment
from indexer.engines.whoosh.uses import searched
from indexer.search import IndexInfo, Searched
from indexer.statement import Statement


class Corpus:
    """Never changes; what is costly to know is found when first asked for, and kept."""

    def __init__(self, generation: Generation) -> None:
        manifest = generation.manifest
        entries = TOC.read(FileStorage(str(generation.folder)), INDEX_NAME).segments
        self.generation = generation
        self.language: str = manifest["language"]
        self.segments = [
            open_segment(entry.path(generation.folder)) for entry in entries
        ]
        self.alive = [
            _alive(entry.doc_count_all(), entry.deleted()) for entry in entries
        ]
        #: The values of a keyword field, united when first counted.
        self.values = cache(partial(_united, self.segments))
        self.info = IndexInfo(
            generation=generation.number,
            statements=manifest["statements"],
            tokens=manifest["tokens"],
            built_at=manifest["built_at"],
            fingerprint=manifest["fingerprint"],
        )

    @cached_property
    def norms(self) -> list[Array]:
        """What BM25 makes of each document's length."""
        return norms(self.segments, self.alive)

    @cached_property
    def living(self) -> list[Array]:
        """All documents, by segment, but those that are deleted."""
        pairs = zip(self.segments, self.alive, strict=True)
        return [np.array(_docs(len(s), alive), np.intp) for s, alive in pairs]

    @cached_property
    def searched(self) -> Searched:
        """What a search is made among that nothing narrows."""
        return searched(self.segments, self.living)

    @cached_property
    def months(self) -> Months:
        """The months that documents have."""
        return Months(self.segments)

    @cached_property
    def collation(self) -> Collation:
        """The orders of documents."""
        return Collation(self.segments, self.values)

    @cached_property
    def copies(self) -> Copies:
        """The near-copies among the documents."""
        groups = read_groups(self.generation.folder / COPIES)
        return Copies(groups, [s.documents.prints for s in self.segments])

    def evaluations(self, days: DateRange | None = None) -> list[Evaluation]:
        """What answers the parts of one query, by segment."""
        return [
            Evaluation(segment, alive, self.language, days)
            for segment, alive in zip(self.segments, self.alive, strict=True)
        ]

    def find(self, statement_id: str) -> tuple[int, int] | None:
        """Segment and document of a statement."""
        for number, (segment, alive) in enumerate(
            zip(self.segments, self.alive, strict=True)
        ):
            doc = segment.documents.find(statement_id)
            if doc is not None and (alive is None or alive[doc]):
                return number, doc
        return None

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each statement's id and its readout's digest."""
        for segment, alive in zip(self.segments, self.alive, strict=True):
            documents = segment.documents
            digests = [digest.decode() for digest in documents.digests]
            ranks, values = documents.id_ranks.tolist(), documents.ids.values
            docs = _docs(len(segment), alive)
            yield from ((values[ranks[doc]], digests[doc]) for doc in docs)

    def statements(self) -> Iterator[tuple[Statement, str]]:
        """Every statement and its readout's digest."""
        for segment, alive in zip(self.segments, self.alive, strict=True):
            documents = segment.documents
            for doc in _docs(len(segment), alive):
                yield documents.unpacked(doc), documents.digests[doc].decode()


def _united(segments: Sequence[Segment], name: str) -> Values:
    return Values([segment.keywords[name] for segment in segments])


def _alive(size: int, deleted: Sequence[int]) -> Array | None:
    """A mask of the documents that are not deleted; None if none is."""
    if not deleted:
        return None
    mask = np.ones(size, bool)
    mask[deleted] = False
    return mask


def _docs(size: int, alive: Array | None) -> Sequence[int]:
    """The documents that are not deleted."""
    return range(size) if alive is None else np.flatnonzero(alive).tolist()
