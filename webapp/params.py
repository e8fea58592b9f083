"""The state of a search as its URL holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from werkzeug.datastructures import MultiDict

from indexer.dates import DateRange
from indexer.query import parse_query
from indexer.search import SearchRequest, Sort
from webapp.arguments import (
    MAX_VALUE,
    ParamsError,
    end,
    identifier,
    page_number,
    several,
    single,
)

#: The facets that a URL may filter by; each key may be given several times.
FILTERS = ("source", "kind", "language", "country", "year", "month")
PAGE_SIZE = 20
MAX_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """One search, as typed and clicked; every link on the pages is one of these, changed once.

    ``first`` and ``last`` are days, months or years as they were typed; ``filters`` maps names of
    ``FILTERS`` to one or more values each. ``page`` runs from 1 to ``last_page``. ``fold`` is no more
    only where the URL says ``fold=no``; ``similar`` is the id of a statement whose near-copies are
    asked for. This is the search as a list; other views of it are subclasses.
    """

    page_size: ClassVar[int] = PAGE_SIZE
    last_page: ClassVar[int] = MAX_PAGE

    text: str = ""
    first: str = ""
    last: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    fold: bool = True
    similar: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> Self:
        """Read a URL's arguments; ParamsError says which cannot be used and why."""
        params = cls(
            text=single(args, "q"),
            first=single(args, "from"),
            last=single(args, "to"),
            filters={
                name: values for name in FILTERS if (values := several(args, name))
            },
            sort=_sort(single(args, "sort")),
            page=page_number(args, cls.last_page, cls.page_size),
            fold=_fold(single(args, "fold")),
            similar=identifier(args, "similar"),
        )
        params.dates  # noqa: B018  a bad date is to be told now
        return params

    @property
    def args(self) -> dict[str, str | list[str]]:
        """The URL's arguments; what is as it would be anyway is left out."""
        args: dict[str, str | list[str]] = {}
        if self.text:
            args["q"] = self.text
        if self.first:
            args["from"] = self.first
        if self.last:
            args["to"] = self.last
        args |= {name: list(values) for name, values in self.filters.items()}
        if self.sort is not Sort.RELEVANCE:
            args["sort"] = self.sort.value
        if not self.fold:
            args["fold"] = "no"
        if self.similar:
            args["similar"] = self.similar
        if self.page > 1:
            args["page"] = str(self.page)
        return args

    @property
    def dates(self) -> DateRange | None:
        """The days searched, None where neither end is given."""
        first, last = end("from", self.first).first, end("to", self.last).last
        if first and last and first > last:
            raise ParamsError(
                "from",
                f"Nothing lies between {self.first} and {self.last}: the first day comes after "
                "the last. Swap them.",
            )
        return DateRange(first, last) if first or last else None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the query narrows the search."""
        return bool(self.first or self.last or self.filters or self.similar)

    def request(self) -> SearchRequest:
        """What to ask the engine; QueryError where the query cannot be read."""
        return SearchRequest(
            query=parse_query(self.text),
            dates=self.dates,
            filters=dict(self.filters),
            sort=self.sort,
            offset=(self.page - 1) * self.page_size,
            limit=self.page_size,
            fold=self.fold,
            similar=self.similar,
        )

    def has(self, name: str, value: str) -> bool:
        """Whether the filter ``name`` has this value."""
        return value in self.filters.get(name, ())

    def in_view(self, view: str) -> dict[str, str | list[str]]:
        """The URL's arguments of the same search in another view, from its first page."""
        args = self.as_list().args
        return args if view == "list" else args | {"view": view}

    def with_period(self, value: str) -> Self:
        """Only this year ("2025", "undated"), or only this month ("2025-07") and its year."""
        year, _, month = value.partition("-")
        params = self._filtered("year", (year,))
        return params._filtered("month", (value,)) if month else params

    def with_only(self, name: str, value: str) -> Self:
        """This value alone of the filter."""
        return self._filtered(name, (value,))

    def with_dates(self, days: DateRange) -> Self:
        """Only these days, of those that are asked for already."""
        own = self.dates or DateRange()
        firsts = [day for day in (days.first, own.first) if day]
        lasts = [day for day in (days.last, own.last) if day]
        narrowed = DateRange(max(firsts, default=None), min(lasts, default=None))
        first, dots, last = str(narrowed).partition("..")
        return replace(self, first=first, last=last if dots else first, page=1)

    def without_filter(self, name: str, value: str | None = None) -> Self:
        """Without this value of the filter, or without the filter."""
        values = self.filters.get(name, ())
        return self._filtered(
            name, tuple(v for v in values if value is not None and v != value)
        )

    def without_dates(self) -> Self:
        """Without first and last day."""
        return replace(self, first="", last="", page=1)

    def with_request(self, asked: SearchRequest, looser: SearchRequest) -> Self:
        """The search ``looser``, which differs from ``asked``, ours, as a rung of a ladder does."""
        same = looser.query == asked.query
        return replace(
            self,
            text=self.text if same else str(looser.query),
            first=self.first if looser.dates else "",
            last=self.last if looser.dates else "",
            filters=self.filters if looser.filters else {},
            page=1,
        )

    def without_filters(self) -> Self:
        """The query alone."""
        return replace(self, first="", last="", filters={}, similar="", page=1)

    def with_sort(self, sort: Sort) -> Self:
        """In another order, from the first page."""
        return replace(self, sort=sort, page=1)

    def with_fold(self, fold: bool) -> Self:
        """With near-copies folded, or each on its own."""
        return replace(self, fold=fold, page=1)

    def with_similar(self, statement_id: str) -> Self:
        """Only a statement and its near-copies, each on its own."""
        return replace(self, similar=statement_id, fold=False, page=1)

    def without_similar(self) -> Self:
        """All statements again, near-copies folded."""
        return replace(self, similar="", fold=True, page=1)

    def with_page(self, page: int) -> Self:
        """Another page of the same."""
        return replace(self, page=page)

    def as_list(self) -> SearchParams:
        """The same search as a list, from its first page."""
        return SearchParams(
            text=self.text,
            first=self.first,
            last=self.last,
            filters=self.filters,
            sort=self.sort,
            fold=self.fold,
            similar=self.similar,
        )

    def _filtered(self, name: str, values: tuple[str, ...]) -> Self:
        gone = "month" if name == "year" else ""
        kept = {key: old for key, old in self.filters.items() if key != gone}
        kept[name] = values
        filters = {key: kept[key] for key in FILTERS if kept.get(key)}
        return replace(self, filters=filters, page=1)


def _sort(value: str) -> Sort:
    try:
        return Sort(value or Sort.RELEVANCE)
    except ValueError:
        raise ParamsError(
            "sort",
            f"“{value[:MAX_VALUE]}” is not an order: write sort=relevance, sort=newest or sort=oldest.",
        ) from None


def _fold(value: str) -> bool:
    if value not in ("", "yes", "no"):
        raise ParamsError(
            "fold",
            f"“{value[:MAX_VALUE]}” is no answer: write fold=no to see near-copies one by one.",
        )
    return value != "no"
