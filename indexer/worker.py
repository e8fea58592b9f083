"""What one worker does: read and clean the files that it is given, within limits."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple, Protocol, TypeAlias

from indexer import cleaning, limits
from indexer.errors import ReadoutError
from indexer.readouts import RawFile, Readout, Span, read
from indexer.sources import Source
from indexer.statement import Statement

Result: TypeAlias = Statement | ReadoutError

_BYTES_A_SECOND = 50_000_000


#: A file's digest, "" where it cannot be read, and what the file, or a part of it, gives.
Given: TypeAlias = tuple[str, list[Result]]


class Task(NamedTuple):
    """A raw file to clean, or the lines in a span of one whose ``digest`` is known."""

    file: RawFile
    span: Span | None = None
    digest: str = ""


class Place(Protocol):
    """A number in memory that two processes share."""

    value: int


def clean_file(
    file: RawFile, sources: Mapping[str, Source]
) -> tuple[str, Iterable[Result]]:
    """The digest of a raw file, "" where it cannot be read, and what it gives."""
    try:
        readout = read(file)
    except ReadoutError as error:
        return "", [error]
    return readout.digest, cleaning.clean(readout, sources[file.source])


def work(pipe: Connection, at: Place, sources: Mapping[str, Source]) -> None:
    """What a worker does, until its parent closes the pipe or dies: None first, then answers.

    It is sent lists of Task, answers each with a list of Given, and leaves at which one it is.
    """
    limits.follow_parent()
    limits.confine()
    warnings.simplefilter("ignore")  # what a parser remarks on a page helps nobody
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            given = []
            for number, task in enumerate(pipe.recv()):
                at.value = number
                given.append(_clean(task, sources))
            pipe.send(given)


def _clean(task: Task, sources: Mapping[str, Source]) -> Given:
    """What a task gives, with a limit of time for reading it and for each result."""
    file = task.file
    digest = task.digest
    results: Iterable[Result]
    try:
        if task.span:
            readout = Readout(file.path, file.name, digest, b"", task.span)
            results = cleaning.clean(readout, sources[file.source])
        else:
            with limits.time_limit(limits.SECONDS + file.size / _BYTES_A_SECOND):
                digest, results = clean_file(file, sources)
        return digest, list(_each_limited(file, iter(results)))
    except MemoryError:
        limits.give_up()
        raise


def _each_limited(file: RawFile, results: Iterator[Result]) -> Iterator[Result]:
    while True:
        try:
            with limits.time_limit():
                result = next(results, None)
        except MemoryError:
            raise
        except Exception as error:  # a parser's fault costs its file, not the run
            if limits.exhausted():
                raise MemoryError from error
            yield ReadoutError(file.name, limits.broken(repr(error)))
            return
        if result is None:
            return
        yield result
