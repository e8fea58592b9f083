"""Writing: statements become segments in bulk, segments are merged, a generation is published."""

from __future__ import annotations

from collections.abc import Iterable, Set
from contextlib import suppress
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer import analysis
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.builder import merge
from indexer.engines.whoosh.builders import Builders, Built, write_segment
from indexer.engines.whoosh.codec import CorpusSegment
from indexer.engines.whoosh.copies import (
    COPIES,
    NO_GROUPS,
    Part,
    read_groups,
    regroup,
    write_groups,
)
from indexer.engines.whoosh.generations import Generation, link
from indexer.engines.whoosh.schema import FORMAT, INDEX_NAME, corpus_schema
from indexer.engines.whoosh.segment import MAX_DOCUMENTS, Segment, open_segment
from indexer.statement import Statement

#: A segment is written after so many bytes of text, some 600 MB of memory: few segments make fast
#: pages.
_FLUSH_BYTES = 64_000_000
#: Several processes are busy to the end only with smaller ones.
_FLUSH_BYTES_OF_MANY = 44_000_000
#: Small segments are merged at once, up to so many tokens, some 500 statements, which takes 10 ms: each
#: segment costs every page some 0.15 ms, and whoever publishes often makes many.
_FEW_TOKENS = 1 << 18
#: Above this number segments are merged, those of like size (1 : _RATIO) together.
_MANY = 8
_RATIO = 3
#: No segment is merged to more tokens, which would take more memory than making one; so many are
#: those of MAX_DOCUMENTS of 512 words.
_MOST_TOKENS = 1 << 25
#: The files of notes end so.
NOTE = ".note"


class CorpusWriter:
    """Builds the next generation in ``folder`` from ``base`` and from what is put.

    Segments are files of their own, made by ``jobs`` processes if that is more than one, until
    ``finish`` writes Whoosh's table of contents over them.
    """

    def __init__(
        self, folder: Path, base: Generation | None, language: str, jobs: int
    ) -> None:
        self._folder = folder
        self._language = language
        self._builders = Builders(jobs)
        self._flush_bytes = _FLUSH_BYTES if jobs < 2 else _FLUSH_BYTES_OF_MANY
        self._entries: list[CorpusSegment] = []
        self._groups = NO_GROUPS
        if base is not None:
            self._take_over(base)
        self._pending: dict[str, tuple[Statement, str]] = {}
        self._bytes = 0
        self._gone: set[str] = set()
        # Segments on their way, each with the ids that it and its time took out of older ones.
        self._flushed: list[tuple[set[str], Built | None]] = []

    def _take_over(self, base: Generation) -> None:
        self._entries = list(
            TOC.read(FileStorage(str(base.folder)), INDEX_NAME).segments
        )
        for entry in self._entries:
            link(entry.path(base.folder), entry.path(self._folder))
        for note in base.folder.glob(f"*{NOTE}"):
            link(note, self._folder / note.name)
        self._groups = read_groups(base.folder / COPIES)
        if len(self._groups.prints):
            link(base.folder / COPIES, self._folder / COPIES)

    def put(self, statement: Statement, digest: str = "") -> None:
        """Add the statement, or replace the one with its id."""
        self.remove(statement.id)
        self._pending[statement.id] = (statement, digest)
        self._bytes += len(statement.text.encode())
        if self._bytes >= self._flush_bytes or len(self._pending) == MAX_DOCUMENTS:
            self._flush()

    def remove(self, statement_id: str) -> None:
        """Take the statement out, from what is published and from what was put."""
        self._gone.add(statement_id)
        self._pending.pop(statement_id, None)

    def note(self, name: str, data: bytes) -> None:
        """Keep data under a name."""
        path = self._folder / f"{name}{NOTE}"
        with suppress(FileNotFoundError):
            path.unlink()  # it may be a link to what is published
        path.write_bytes(data)

    def _flush(self, *, last: bool = False) -> None:
        """Have what is pending made a segment."""
        built = None
        if self._pending:
            batch = list(self._pending.values())
            built = self._builders.build(self._folder, batch, self._language, last=last)
        self._flushed.append((self._gone, built))
        self._pending, self._bytes, self._gone = {}, 0, set()

    def _collect(self) -> None:
        """Take in the segments that were made, in the order of their making, and their copies."""
        published, lost = set(self._entries), []
        for gone, built in self._flushed:
            for entry in self._entries if gone else ():
                documents = self._open(entry).documents
                for doc in documents.find_all(gone):
                    entry.delete_document(doc)
                    lost.append(documents.prints[doc])
            if built is not None:
                self._entries.append(built())
        self._flushed = []
        self._regroup(published, np.array(lost, np.uint64))

    def _regroup(self, published: Set[CorpusSegment], lost: Array) -> None:
        """Bring the groups of near-copies up to date, before segments are merged."""
        parts = [
            Part(self._open(entry), alive(entry), fresh=entry not in published)
            for entry in self._entries
        ]
        groups = regroup(self._groups, parts, lost)
        if groups is not self._groups:
            (self._folder / COPIES).unlink(
                missing_ok=True
            )  # a link to what is published
            if len(groups.prints):
                write_groups(self._folder / COPIES, groups)

    def _open(self, entry: CorpusSegment) -> Segment:
        return open_segment(entry.path(self._folder))

    def _merge(self, entries: Iterable[CorpusSegment]) -> None:
        """Put one segment in the place of several."""
        parts = [(self._open(entry), alive(entry)) for entry in entries]
        size = sum(len(docs) for _, docs in parts)
        merged = []
        if size:
            merged.append(
                write_segment(self._folder, merge(parts, self._language), size)
            )
        for entry in entries:
            entry.path(self._folder).unlink()
        self._entries = [e for e in self._entries if e not in entries] + merged

    def _tidy(self) -> None:
        """Keep segments few and free of deleted documents."""
        for entry in list(self._entries):
            if entry.deleted_count() * 3 > entry.doc_count_all():
                self._merge([entry])
        if len(chosen := self._small()) > 1:
            self._merge(chosen)
        while len(self._entries) > _MANY and (chosen := self._alike()):
            self._merge(chosen)

    def _small(self) -> list[CorpusSegment]:
        """The smallest segments that have few tokens together."""
        sizes = [self._open(e).texts["text"].tokens for e in self._entries]
        pairs = sorted(zip(sizes, range(len(sizes)), strict=True))
        upto = accumulate(size for size, _ in pairs)
        return [
            self._entries[place]
            for total, (_, place) in zip(upto, pairs, strict=True)
            if total <= _FEW_TOKENS
        ]

    def _alike(self) -> list[CorpusSegment]:
        """The smallest segments, as long as the next is not much larger than those before it."""
        chosen: list[CorpusSegment] = []
        total = tokens = 0
        for entry in sorted(self._entries, key=lambda entry: int(entry.doc_count())):
            size = int(entry.doc_count())
            tokens += self._open(entry).texts["text"].tokens
            full = total + size > MAX_DOCUMENTS or tokens > _MOST_TOKENS
            if full or (len(chosen) > 1 and size > _RATIO * total):
                break
            chosen.append(entry)
            total += size
        return chosen if len(chosen) > 1 else []

    def close(self) -> None:
        """Stop the processes that make segments."""
        self._builders.close()

    def finish(self) -> dict[str, Any]:
        """Write all that is pending; gives the manifest of the generation."""
        self._flush(last=True)
        self._collect()
        self._tidy()
        TOC(corpus_schema(), self._entries, 1).write(
            FileStorage(str(self._folder)), INDEX_NAME
        )
        statements = tokens = prints = 0
        for entry in self._entries:
            segment, docs = self._open(entry), alive(entry)
            statements += len(docs)
            tokens += sum(int(f.lengths[docs].sum()) for f in segment.texts.values())
            prints += int(segment.documents.prints[docs].sum())
        return {
            "format": FORMAT,
            "analysis": analysis.VERSION,
            "language": self._language,
            "statements": statements,
            "tokens": tokens,
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "fingerprint": f"{prints % (1 << 64):016x}",
        }


def alive(entry: CorpusSegment) -> Array:
    """The documents of a segment that are not deleted, ascending."""
    docs = np.ones(entry.doc_count_all(), bool)
    docs[entry.deleted()] = False
    return np.flatnonzero(docs)
