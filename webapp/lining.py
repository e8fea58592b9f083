"""The state of a search seen as a concordance, and which of its views a URL asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from werkzeug.datastructures import MultiDict

from indexer.concordance import LineSort
from indexer.search import Sort
from webapp.arguments import MAX_VALUE, ParamsError, chosen, single
from webapp.params import SearchParams


# Without slots, since methods of this class call those of SearchParams.
@dataclass(frozen=True, kw_only=True)
class Lining(SearchParams):
    """A search with every occurrence on a line; ``lines`` is the order of them."""

    page_size: ClassVar[int] = 100
    last_page: ClassVar[int] = 100_000

    lines: LineSort = LineSort.RIGHT1

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        others = MultiDict(args)
        others.poplist("sort")
        lines = _line_sort(single(args, "sort"))
        return replace(super().from_args(others), lines=lines)

    @property
    def args(self) -> dict[str, str | list[str]]:
        """The URL's arguments; what is as it would be anyway is left out."""
        args = super().args | {"view": "kwic"}
        if self.lines is not LineSort.RIGHT1:
            args["sort"] = self.lines.value
        return args

    def with_lines(self, sort: LineSort) -> Self:
        """The lines in another order, from the first page."""
        return replace(self, lines=sort, page=1)

    def as_list(self) -> SearchParams:
        """The same search as a list; the newest or the oldest come first where they do here."""
        own = {LineSort.NEWEST: Sort.NEWEST, LineSort.OLDEST: Sort.OLDEST}
        return super().as_list().with_sort(own.get(self.lines, Sort.RELEVANCE))


VIEWS: dict[str, type[SearchParams]] = {"list": SearchParams, "kwic": Lining}


def searched(args: MultiDict[str, str]) -> SearchParams:
    """The search of a URL in the view that it asks for; ParamsError where there is no such."""
    return VIEWS[chosen(args, "view", VIEWS) or "list"].from_args(args)


def _line_sort(value: str) -> LineSort:
    try:
        return LineSort(value or LineSort.RIGHT1)
    except ValueError:
        raise ParamsError(
            "sort",
            f"“{value[:MAX_VALUE]}” is not an order of lines: write sort=right1 to right3, "
            "sort=left1 to left3, sort=newest, sort=oldest or sort=source.",
        ) from None
