"""Reading and cleaning in processes of their own, which a hostile file may break.

Files go to the workers in chunks and come back in their own order, whatever the number of workers.
A worker leaves word of the file that it is at: where it dies, that one is reported and the others
of its chunk are given to another worker. A long .jsonl is several chunks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import NamedTuple

from indexer import limits
from indexer.errors import ReadoutError, WorkerError
from indexer.readouts import RawFile, read_spans
from indexer.sources import Source
from indexer.worker import Given, Result, Task, clean_file, work

#: Runs of fewer files and bytes start no process for what is harmless.
_FEW_FILES, _FEW_BYTES = 200, 8_000_000

#: Text and JSON up to so many bytes cost little to read, whatever they hold, if no pattern of their
#: source's is tried on them; markup may break its parser.
_HARMLESS = 256 * 1024
_PLAIN = (".txt", ".json", ".jsonl")

#: A chunk has at most so many files and bytes; a larger file is one alone.
_CHUNK_FILES, _CHUNK_BYTES = 32, 1_000_000

#: Seconds in which a process that closed its pipe ends.
_GRACE = 5.0


class Cleaned(NamedTuple):
    """A raw file, its digest ("" where it could not be read), and what it gives."""

    file: RawFile
    digest: str
    results: Iterable[Result]


@dataclass(slots=True, eq=False)
class _Chunk:
    """What is cleaned together, by a worker unless ``here``, and what it gives once that is done.

    ``last`` is False where more of the only file follows in the next chunk.
    """

    tasks: list[Task]
    here: bool = False
    last: bool = True
    taken: bool = False
    given: list[Given] | None = None


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
        self.chunk, chunk.taken = chunk, True
        self.at.value = 0  # where it was in the chunk before says nothing of this one
        with suppress(OSError):  # it died; the pipe's end tells when it is read
            self.pipe.send(chunk.tasks)

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
        self._waiting: Iterator[_Chunk] = iter(())
        self._chunks: list[_Chunk] = []  # under way, in the order of their results

    def clean(self, files: Sequence[RawFile]) -> Iterator[Cleaned]:
        """What the files give, in their order. Use up the results of each before the next."""
        few = len(files) < _FEW_FILES and sum(f.size for f in files) < _FEW_BYTES
        self._waiting = self._cut(files, here=few or self._jobs < 2)
        while chunk := self._next():
            if chunk.here:
                for task in chunk.tasks:
                    yield Cleaned(task.file, *clean_file(task.file, self._sources))
            elif chunk.last:
                for task, given in zip(chunk.tasks, self._given(chunk), strict=True):
                    yield Cleaned(task.file, *given)
            else:
                task = chunk.tasks[0]
                yield Cleaned(task.file, task.digest, self._spans(chunk))

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        while self._workers:
            self._workers.pop().stop()

    def _cut(self, files: Iterable[RawFile], *, here: bool) -> Iterator[_Chunk]:
        """The files in chunks; what is harmless stays ``here`` if it may."""
        chunk, size = _Chunk([]), 0
        for file in files:
            stays = here and self._is_harmless(file)
            spans = deque(_cut_lines(file))
            full = len(chunk.tasks) == _CHUNK_FILES or size + file.size > _CHUNK_BYTES
            if chunk.tasks and (full or spans or stays != chunk.here):
                yield chunk
                chunk, size = _Chunk([]), 0
            if not spans:
                chunk.here = stays
                chunk.tasks.append(Task(file))
                size += file.size
            while spans:  # not kept here: each holds what it gave
                yield spans.popleft()
        if chunk.tasks:
            yield chunk

    def _is_harmless(self, file: RawFile) -> bool:
        source = self._sources[file.source]
        plain = file.size <= _HARMLESS and file.name.lower().endswith(_PLAIN)
        return plain and not source.drop and not source.captions

    def _next(self) -> _Chunk | None:
        """The first chunk, done unless it is to be done here, and no longer under way."""
        while True:
            while len(self._chunks) <= 2 * self._jobs:
                chunk = next(self._waiting, None)
                if chunk is None:
                    break
                self._chunks.append(chunk)
            if not self._chunks:
                return None
            self._hand_out()
            first = self._chunks[0]
            if first.here or first.given is not None:
                return self._chunks.pop(0)
            self._receive()

    def _spans(self, chunk: _Chunk | None) -> Iterator[Result]:
        """The results of the chunks of one file, of which this is the first."""
        while chunk:
            for _, results in self._given(chunk):
                yield from results
            chunk = None if chunk.last else self._next()

    def _given(self, chunk: _Chunk) -> list[Given]:
        assert chunk.given is not None
        return chunk.given

    def _hand_out(self) -> None:
        """Give each free worker a chunk, and start workers while chunks are left."""
        for chunk in self._chunks:
            if chunk.here or chunk.taken:
                continue
            free = next((w for w in self._workers if w.chunk is None), None)
            if free is None and len(self._workers) < self._jobs:
                free = _Worker(self._sources)
                self._workers.append(free)
            if free is None:
                return
            free.give(chunk)

    def _receive(self) -> None:
        """Wait for a worker, and take what those that are done have made."""
        busy = [(worker, worker.chunk) for worker in self._workers if worker.chunk]
        ready = wait([worker.pipe for worker, _ in busy])
        for worker, chunk in busy:
            if worker.pipe in ready:
                try:
                    given: list[Given] | None = worker.pipe.recv()
                except (EOFError, OSError):
                    self._bury(worker, chunk)
                    continue
                worker.is_alive = True
                if given is not None:
                    worker.chunk, chunk.given = None, given

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
        task = chunk.tasks[at]
        reason = limits.blame(exitcode)
        if not reason:
            raise WorkerError(
                f"The process that read {task.file.name} was stopped, perhaps for want of "
                "memory: run it again, or use fewer --jobs."
            )
        digest = task.digest or clean_file(task.file, self._sources)[0]
        given: Given = (digest, [ReadoutError(task.file.name, reason)])
        lost = _Chunk([task], last=chunk.last, taken=True, given=[given])
        around = (_Chunk(chunk.tasks[:at]), lost, _Chunk(chunk.tasks[at + 1 :]))
        where = self._chunks.index(chunk)
        self._chunks[where : where + 1] = [each for each in around if each.tasks]


def _cut_lines(file: RawFile) -> Iterator[_Chunk]:
    """The chunks of a long .jsonl, each of whole lines; none where it is cleaned as one."""
    if file.size <= _CHUNK_BYTES or not file.name.lower().endswith(".jsonl"):
        return
    try:
        digest, spans = read_spans(file, _CHUNK_BYTES)
    except ReadoutError:
        return  # whoever reads it will say why
    for span in spans:
        yield _Chunk([Task(file, span, digest)], last=span is spans[-1])
