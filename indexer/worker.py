"""What one worker does: read and clean the files that it is given, within limits."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple, Protocol, TypeAlias

from indexer import cleaning, limits
from indexer.errors import ReadoutError
from indexer.readouts import RawFile, read
from indexer.sources import Source
from indexer.statement import Statement

Result: TypeAlias = Statement | ReadoutError

#: Results of a single file are sent when their texts have so many characters together.
_PART = 1_000_000

_BYTES_A_SECOND = 50_000_000


class Part(NamedTuple):
    """For each file of a chunk its digest and results, or some of those of the only one."""

    files: list[tuple[str, list[Result]]]
    last: bool


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
    """What a worker does, until its parent closes the pipe or dies: None first, then parts."""
    limits.follow_parent()
    limits.confine()
    warnings.simplefilter("ignore")  # what a parser remarks on a page helps nobody
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            for part in _parts(pipe.recv(), at, sources):
                pipe.send(part)


def _parts(
    files: list[RawFile], at: Place, sources: Mapping[str, Source]
) -> Iterator[Part]:
    """The results of several files at once, those of a single one part by part."""
    try:
        given: list[tuple[str, list[Result]]] = []
        for number, file in enumerate(files):
            at.value = number
            digest, results = _limited(file, sources)
            given.append((digest, []))
            size = 0
            for result in results:
                given[-1][1].append(result)
                size += len(result.text) if isinstance(result, Statement) else 0
                if len(files) == 1 and size >= _PART:
                    yield Part(given, last=False)
                    given, size = [(digest, [])], 0
        yield Part(given, last=True)
    except MemoryError:
        limits.give_up()


def _limited(
    file: RawFile, sources: Mapping[str, Source]
) -> tuple[str, Iterator[Result]]:
    """As ``clean_file``, with a limit of time for reading it and for each result."""
    with limits.time_limit(limits.SECONDS + file.size / _BYTES_A_SECOND):
        digest, results = clean_file(file, sources)
    return digest, _each_limited(file, iter(results))


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
