"""Reading and cleaning in processes of their own, which a hostile file may break.

Files go to the workers in chunks and come back in their own order, whatever the number of workers.
A worker leaves word of the file that it is at: where it dies, that one is reported and the others
of its chunk are given to another worker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from indexer import limits
from indexer.errors import ReadoutError, WorkerError
from indexer.readouts import RawFile
from indexer.sources import Source
from indexer.worker import Part, Result, clean_file, work

#: Runs of fewer files and bytes start no process for what is harmless.
_FEW_FILES, _FEW_BYTES = 200, 8_000_000

#: Text and JSON up to so many bytes cost little to read, whatever they hold, if no pattern of their
#: source's is tried on them; markup may break its parser.
_HARMLESS = 256 * 1024
_PLAIN = (".txt", ".json", ".jsonl")

#: A chunk has at most so many files and bytes; a larger file is one alone.
_CHUNK_FILES, _CHUNK_BYTES = 32, 1_000_000

#: So many parts of a chunk wait for their turn, and twice as many chunks as there are workers.
_AHEAD = 2

#: Seconds in which a process that closed its pipe ends.
_GRACE = 5.0


class Cleaned(NamedTuple):
    """A raw file, its digest ("" where it could not be read), and what it gives."""

    file: RawFile
    digest: str
    results: Iterable[Result]


@dataclass(slots=True, eq=False)
class _Chunk:
    """Files that are cleaned together: by a worker unless ``here``."""

    files: list[RawFile]
    here: bool = False
    given: bool = False
    parts: deque[Part] = field(default_factory=deque)


class _Worker:
    """A process, the pipe to it, the chunk that it has, and where in the chunk it is."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        context = get_context("spawn")  # a fork of a process with threads may never run
        self.pipe, theirs = context.Pipe()
        self.at = context.RawValue("i", 0)
        self.process: SpawnProcess = context.Process(
            target=work, args=(theirs, self.at, sources), daemon=True
        )
        self.process.start()
        theirs.close()
        self.chunk: _Chunk | None = None
        self.is_alive = False  # not before it has said so

    def give(self, chunk: _Chunk) -> None:
        """Have a chunk cleaned."""
        self.chunk, chunk.given = chunk, True
        with suppress(OSError):  # it died; the pipe's end tells when it is read
            self.pipe.send(chunk.files)

    def stop(self, grace: float = 0) -> int | None:
        """End the process, after seconds of ``grace`` to end by itself, and tell its exit code."""
        self.pipe.close()
        self.process.join(grace)
        self.process.kill()
        self.process.join()
        return self.process.exitcode


class Workers:
    """Cleans files in up to ``jobs`` processes, started when there is need of them.

    What is harmless is cleaned here where ``jobs`` is 1 or the files are few. To be closed.
    """

    def __init__(self, jobs: int, sources: Mapping[str, Source]) -> None:
        self._jobs = jobs
        self._sources = sources
        self._workers: list[_Worker] = []
        self._chunks: list[_Chunk] = []  # under way, in the order of their results

    def clean(self, files: Sequence[RawFile]) -> Iterator[Cleaned]:
        """What the files give, in their order. Use up the results of each before the next."""
        few = len(files) < _FEW_FILES and sum(f.size for f in files) < _FEW_BYTES
        waiting = self._cut(files, here=few or self._jobs < 2)
        while True:
            while len(self._chunks) < 2 * self._jobs and (chunk := next(waiting, None)):
                self._chunks.append(chunk)
            if not self._chunks:
                return
            self._hand_out()
            yield from self._first()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        while self._workers:
            self._workers.pop().stop()

    def _cut(self, files: Iterable[RawFile], *, here: bool) -> Iterator[_Chunk]:
        """The files in chunks; what is harmless stays ``here`` if it may."""
        chunk, size = _Chunk([]), 0
        for file in files:
            stays = here and self._is_harmless(file)
            full = len(chunk.files) == _CHUNK_FILES or size + file.size > _CHUNK_BYTES
            if chunk.files and (full or stays != chunk.here):
                yield chunk
                chunk, size = _Chunk([]), 0
            chunk.here = stays
            chunk.files.append(file)
            size += file.size
        if chunk.files:
            yield chunk

    def _is_harmless(self, file: RawFile) -> bool:
        source = self._sources[file.source]
        plain = file.size <= _HARMLESS and file.name.lower().endswith(_PLAIN)
        return plain and not source.drop and not source.captions

    def _first(self) -> Iterator[Cleaned]:
        """What the first chunk gives; nothing where it was split instead."""
        chunk = self._chunks[0]
        if chunk.here:
            for file in chunk.files:
                yield Cleaned(file, *clean_file(file, self._sources))
        else:
            while not chunk.parts:
                self._receive()
                if self._chunks[0] is not chunk:
                    return
            if len(chunk.files) > 1:
                part = chunk.parts.popleft()
                for file, given in zip(chunk.files, part.files, strict=True):
                    yield Cleaned(file, *given)
            else:
                digest = chunk.parts[0].files[0][0]
                yield Cleaned(chunk.files[0], digest, self._stream(chunk))
        self._chunks.remove(chunk)

    def _stream(self, chunk: _Chunk) -> Iterator[Result]:
        """The results of a chunk's only file, as they come."""
        last = False
        while not last:
            while not chunk.parts:
                self._receive()
            ((_, results),), last = chunk.parts.popleft()
            yield from results

    def _hand_out(self) -> None:
        """Give each free worker a chunk, and start workers while chunks are left."""
        for chunk in self._chunks:
            if chunk.here or chunk.given:
                continue
            free = next((w for w in self._workers if w.chunk is None), None)
            if free is None and len(self._workers) < self._jobs:
                free = _Worker(self._sources)
                self._workers.append(free)
            if free is None:
                return
            free.give(chunk)

    def _receive(self) -> None:
        """Wait for a part, and take what has come from workers that are not too far ahead."""
        busy = [
            (worker, chunk)
            for worker in self._workers
            if (chunk := worker.chunk) and len(chunk.parts) < _AHEAD
        ]
        ready = wait([worker.pipe for worker, _ in busy])
        for worker, chunk in busy:
            if worker.pipe in ready:
                try:
                    part: Part | None = worker.pipe.recv()
                except (EOFError, OSError):
                    self._bury(worker, chunk)
                    continue
                worker.is_alive = True
                if part is not None:
                    chunk.parts.append(part)
                    worker.chunk = None if part.last else chunk
        self._hand_out()

    def _bury(self, worker: _Worker, chunk: _Chunk) -> None:
        """Report the file that a worker died of, and have the others of its chunk read again."""
        self._workers.remove(worker)
        exitcode = worker.stop(_GRACE)
        if not worker.is_alive:
            raise WorkerError(
                f"A process that reads readouts does not start (exit code {exitcode}): "
                "see what it says above, or use fewer --jobs."
            )
        at = worker.at.value
        file = chunk.files[at]
        reason = limits.blame(exitcode)
        if not reason:
            raise WorkerError(
                f"The process that read {file.name} was stopped, perhaps for want of memory: "
                "run it again, or use fewer --jobs."
            )
        digest = clean_file(file, self._sources)[0]
        part = Part([(digest, [ReadoutError(file.name, reason)])], last=True)
        if len(chunk.files) == 1:
            chunk.parts.append(part)
            return
        lost = _Chunk([file], given=True, parts=deque([part]))
        around = (_Chunk(chunk.files[:at]), lost, _Chunk(chunk.files[at + 1 :]))
        where = self._chunks.index(chunk)
        self._chunks[where : where + 1] = [each for each in around if each.files]
