"""The state of an index: what it holds by source, and which readouts it could not take."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from indexer import objects
from indexer.answer import day
from indexer.catalogue import NOTE, Failure, Summary
from indexer.engine import Engine
from indexer.errors import IndexOutdated
from indexer.search import UNDATED, IndexInfo, SearchRequest, SearchResults, Sort
from indexer.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """One source: its statements and their tokens, the first and last dated one, what is undated.

    ``first`` and ``last`` are None where none is dated. ``repeated`` counts the statements that are
    near-copies of an earlier one of the same source.
    """

    source: str
    statements: int
    tokens: int
    first: Statement | None
    last: Statement | None
    undated: int
    repeated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole index; ``sources`` come in order of size, ``failed`` in order of paths.

    ``readouts`` counts raw files, those that failed too; ``copies`` statements that are near-copies of
    an earlier one, of whatever source.
    """

    index: IndexInfo
    readouts: int
    copies: int
    sources: tuple[SourceStatus, ...]
    failed: tuple[Failure, ...]

    @property
    def undated(self) -> int:
        """How many statements have no date."""
        return sum(each.undated for each in self.sources)

    @property
    def newest(self) -> Statement | None:
        """The last dated statement of all."""
        dated = [each.last for each in self.sources if each.last]
        return max(dated, key=lambda each: each.date or datetime.date.min, default=None)


def read_status(engine: Engine) -> Status:
    """The status of the current generation: two searches a source, and the catalogue's head.

    Raises IndexMissing, and IndexOutdated where another version wrote the catalogue.
    """
    status = _read(engine)
    # Of several answers the last ones may be those of a generation that was published meanwhile.
    return status if status.index == engine.info() else read_status(engine)


def _read(engine: Engine) -> Status:
    by_source = SearchRequest(limit=0, facets=("source",), fold=True)
    found, tokens = engine.search(by_source), engine.tokens(by_source)["source"]
    sources = [
        _source(engine, each.value, tokens.get(each.value, 0))
        for each in found.facets["source"]
    ]
    sources.sort(key=lambda each: (-each.statements, each.source))
    data = engine.note(NOTE)
    summary = Summary.load(data) if data else Summary(0, [])
    if summary is None:
        raise IndexOutdated("The index has no catalogue that this version can read")
    return Status(
        index=found.index,
        readouts=summary.readouts,
        copies=found.statements - found.total,
        sources=tuple(sources),
        failed=tuple(summary.failed),
    )


def status_object(status: Status, today: datetime.date) -> objects.Status:
    """The status as JSON, for the command line and the API; ``today`` tells a failure's age."""
    return {
        "generation": status.index.generation,
        "built_at": status.index.built_at,
        "statements": status.index.statements,
        "tokens": status.index.tokens,
        "readouts": status.readouts,
        "undated": status.undated,
        "copies": status.copies,
        "newest": day(status.newest),
        "sources": [
            {
                "source": each.source,
                "statements": each.statements,
                "tokens": each.tokens,
                "first": day(each.first),
                "last": day(each.last),
                "undated": each.undated,
                "repeated": each.repeated,
            }
            for each in status.sources
        ],
        "failed": [failure_object(each, today) for each in status.failed],
    }


def failure_object(failure: Failure, today: datetime.date) -> objects.Failure:
    """A failure as JSON, with its age in days."""
    return {
        "path": failure.path,
        "reason": failure.reason,
        "since": failure.since,
        "days": age(failure, today),
    }


def age(failure: Failure, today: datetime.date) -> int:
    """For how many days a readout has failed: 0 since today, whatever the clocks say."""
    return max(0, (today - datetime.date.fromisoformat(failure.since)).days)


def _source(engine: Engine, source: str, tokens: int) -> SourceStatus:
    last, first = (
        engine.search(
            SearchRequest(
                filters={"source": (source,)},
                facets=facets,
                sort=sort,
                limit=1,
                snippets=0,
                fold=sort is Sort.OLDEST,
            )
        )
        for sort, facets in ((Sort.NEWEST, ("year",)), (Sort.OLDEST, ()))
    )
    undated = (each.count for each in last.facets["year"] if each.value == UNDATED)
    return SourceStatus(
        source=source,
        statements=last.total,
        tokens=tokens,
        first=_first_dated(first),
        last=_first_dated(last),
        undated=sum(undated),
        repeated=first.statements - first.total,
    )


def _first_dated(results: SearchResults) -> Statement | None:
    first = results.hits[0].statement if results.hits else None
    return first if first and first.date else None
