"""Segments written to files, by processes beside this one if there are to be several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from whoosh.filedb.filestore import FileStorage

from indexer.engines.whoosh.arrays import Array, write_arrays
from indexer.engines.whoosh.builder import segment_arrays
from indexer.engines.whoosh.codec import CorpusCodec, CorpusSegment
from indexer.engines.whoosh.schema import INDEX_NAME
from indexer.errors import EngineError
from indexer.limits import follow_parent
from indexer.statement import Statement

Batch: TypeAlias = Sequence[tuple[Statement, str]]
#: Gives the segment, once it is made.
Built: TypeAlias = Callable[[], CorpusSegment]


def write_segment(folder: Path, arrays: dict[str, Array], size: int) -> CorpusSegment:
    """Write the arrays of ``size`` documents to a new segment's file."""
    entry = CorpusCodec().new_segment(FileStorage(str(folder)), INDEX_NAME)
    entry.set_doc_count(size)
    with entry.path(folder).open("wb") as file:
        write_arrays(file, arrays)
    return entry


def build_segment(folder: Path, batch: Batch, language: str) -> CorpusSegment:
    """Make a segment of statements with the digests of their readouts."""
    return write_segment(folder, segment_arrays(batch, language), len(batch))


class Builders:
    """Makes segments: here where ``jobs`` is 1 or there is but one, else in as many processes."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._busy: set[Future[CorpusSegment]] = set()

    def build(
        self, folder: Path, batch: Batch, language: str, *, last: bool = False
    ) -> Built:
        """Begin a segment; waits while all processes have enough to do.

        One that is both the first and the ``last`` is not worth a process.
        """
        if self._jobs < 2 or (last and self._pool is None):
            entry = build_segment(folder, batch, language)
            return lambda: entry
        if self._pool is None:
            # Not forked: a fork of a process with threads may never run.
            self._pool = ProcessPoolExecutor(
                self._jobs, get_context("spawn"), initializer=follow_parent
            )
        if len(self._busy) > self._jobs:  # more would only fill the memory
            _, self._busy = wait(self._busy, return_when="FIRST_COMPLETED")
        future = self._pool.submit(build_segment, folder, batch, language)
        self._busy.add(future)
        return lambda: _result(future)

    def close(self) -> None:
        """Stop the processes, whatever they are doing."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _result(future: Future[CorpusSegment]) -> CorpusSegment:
    try:
        return future.result()
    except BrokenProcessPool:
        raise EngineError(
            "A process that indexes was killed, perhaps for want of memory; use fewer --jobs."
        ) from None
