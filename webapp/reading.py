"""How a statement is read: from which search, as which of its results, with or without marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from werkzeug.datastructures import MultiDict

from indexer.engine import Engine
from indexer.search import Hit
from webapp.params import MAX_PAGE, PAGE_SIZE, ParamsError, SearchParams

LAST = MAX_PAGE * PAGE_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The state of a statement's page, as its URL holds it.

    ``result`` is the statement's place in the results of ``params``, from 1 to ``LAST``, or 0 where
    the reader came from elsewhere.
    """

    params: SearchParams
    result: int = 0
    marked: bool = True

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        params = SearchParams.from_args(args)
        result, marks = args.get("result", ""), args.get("marks", "")
        if result and not (
            re.fullmatch(r"\d{1,9}", result, re.ASCII) and 0 < int(result) <= LAST
        ):
            raise ParamsError(
                "result",
                f"“{result[:20]}” is not the place of a result: they count from 1 to {LAST:,}.",
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
    def back(self) -> SearchParams:
        """The page of results on which the statement stands."""
        if not self.result:
            return self.params
        return self.params.with_page((self.result - 1) // PAGE_SIZE + 1)

    def at(self, result: int) -> Self:
        """At another result of the same search."""
        return replace(self, result=result)

    def with_marks(self, marked: bool) -> Self:
        """With marks, or without."""
        return replace(self, marked=marked)


class Neighbours(NamedTuple):
    """A statement among the results of a search: how many there are, and those beside it.

    ``holds`` is false where another statement stands in its place by now, and nobody beside it.
    """

    total: int
    holds: bool
    before: Hit | None = None
    after: Hit | None = None


def neighbours(
    engine: Engine, reading: Reading, statement_id: str
) -> Neighbours | None:
    """What stands beside the statement in the search the reader came from; None if from none."""
    if not reading.result:
        return None
    first = max(reading.result - 2, 0)
    asked = replace(
        reading.params.request(), offset=first, limit=3, snippets=0, facets=()
    )
    results = engine.search(asked)
    place = reading.result - 1 - first
    around = dict(enumerate(results.hits))
    if place not in around or around[place].statement.id != statement_id:
        return Neighbours(results.total, False)
    after = around.get(place + 1) if reading.result < LAST else None
    return Neighbours(results.total, True, around.get(place - 1), after)
