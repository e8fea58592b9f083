"""How a statement is read: from which search, as which of its results, with or without marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from werkzeug.datastructures import MultiDict

from indexer.engine import Engine
from indexer.query import Query
from indexer.search import Marked, Snippet
from indexer.statement import Statement
from webapp.arguments import ParamsError
from webapp.lining import Lining, searched
from webapp.params import SearchParams


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The state of a statement's page, as its URL holds it.

    ``result`` is its place in the results of ``params``, from 1 to ``last``, or 0 where the reader
    came from elsewhere: the place of the statement, or of one of its lines in a concordance.
    """

    params: SearchParams
    result: int = 0
    marked: bool = True

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        params = searched(args)
        result, marks = args.get("result", ""), args.get("marks", "")
        last = cls(params=params).last
        if result and not (
            re.fullmatch(r"\d{1,9}", result, re.ASCII) and 0 < int(result) <= last
        ):
            raise ParamsError(
                "result",
                f"“{result[:20]}” is not the place of a result: they count from 1 to {last:,}.",
            )
        if marks not in ("", "off"):
            raise ParamsError("marks", "Write marks=off, or leave it out.")
        return cls(params=params, result=int(result or 0), marked=not marks)

    @property
    def args(self) -> dict[str, str | list[str]]:
        """The URL's arguments; what is as it would be anyway is left out."""
        args = self.params.with_page(1).args
        if self.result:
            args["result"] = str(self.result)
        if not self.marked:
            args["marks"] = "off"
        return args

    @property
    def noun(self) -> str:
        """What a result is here: a statement of a list, or a line of a concordance."""
        return "line" if isinstance(self.params, Lining) else "statement"

    @property
    def last(self) -> int:
        """The last place that a page reaches."""
        return self.params.page_size * self.params.last_page

    @property
    def back(self) -> SearchParams:
        """The page of results on which the statement stands."""
        if not self.result:
            return self.params
        return self.params.with_page((self.result - 1) // self.params.page_size + 1)

    def at(self, result: int) -> Self:
        """At another result of the same search."""
        return replace(self, result=result)

    def with_marks(self, marked: bool) -> Self:
        """With marks, or without."""
        return replace(self, marked=marked)


def read(
    engine: Engine, query: Query, statement_id: str
) -> tuple[Statement, Marked] | None:
    """A statement with its matches, if there are any; None where there is no such statement."""
    found = engine.get(statement_id)
    if found is None:
        return None
    whole = engine.matches(query, statement_id)
    return found, whole or Marked(Snippet(found.title), Snippet(found.text), 0)


class Neighbour(NamedTuple):
    """What stands beside a result: its statement, and the mark to go to in it, "" for none."""

    statement_id: str
    anchor: str


class Neighbours(NamedTuple):
    """A statement among the results of a search: how many there are, and those beside it.

    ``holds`` is false where another statement stands in its place by now, and nobody beside it.
    """

    total: int
    holds: bool
    before: Neighbour | None = None
    after: Neighbour | None = None


def neighbours(
    engine: Engine, reading: Reading, statement_id: str
) -> Neighbours | None:
    """What stands beside the statement where the reader came from; None if from elsewhere.

    In a list these are statements, in a concordance lines, maybe of the same statement.
    """
    if not reading.result:
        return None
    first = max(reading.result - 2, 0)
    if isinstance(reading.params, Lining):
        total, found = _lines(engine, reading.params, first)
    else:
        total, found = _hits(engine, reading.params, first)
    place = reading.result - 1 - first
    beside = dict(enumerate(found))
    if place not in beside or beside[place].statement_id != statement_id:
        return Neighbours(total, False)
    after = beside.get(place + 1) if reading.result < reading.last else None
    return Neighbours(total, True, beside.get(place - 1), after)


def _hits(
    engine: Engine, params: SearchParams, first: int
) -> tuple[int, list[Neighbour]]:
    """How many statements there are, and three of them."""
    asked = replace(params.request(), offset=first, limit=3, snippets=0, facets=())
    results = engine.search(asked)
    return results.total, [
        Neighbour(hit.statement.id, "m1" if hit.occurrences else "")
        for hit in results.hits
    ]


def _lines(engine: Engine, params: Lining, first: int) -> tuple[int, list[Neighbour]]:
    """How many lines there are, and three of them."""
    found = engine.concordance(
        params.request(), sort=params.lines, offset=first, limit=3
    )
    return found.total, [
        Neighbour(line.statement.id, f"m{line.number}") for line in found.lines
    ]
