"""The state of a search as its URL holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from werkzeug.datastructures import MultiDict

from indexer.dates import DateRange, parse_date, whole
from indexer.errors import IndexerError
from indexer.query import parse_query
from indexer.search import UNDATED, SearchRequest, Sort

#: The facets that a URL may filter by; each key may be given several times.
FILTERS = ("source", "kind", "language", "country", "year", "month")
PAGE_SIZE = 20
MAX_PAGE = 500
MAX_VALUES = 50
MAX_VALUE = 200
MAX_ID = 2000

SHAPES = {
    "year": (
        re.compile(rf"(?!0000)\d{{4}}|{UNDATED}", re.ASCII),
        "a year: write four digits, such as year=2025, or year=undated",
    ),
    "month": (
        re.compile(r"(?!0000)\d{4}-(0[1-9]|1[0-2])", re.ASCII),
        "a month: write it like month=2025-07",
    ),
}


class ParamsError(IndexerError):
    """A part of the URL that cannot be used: its name, and what to write instead."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


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
                name: values for name in FILTERS if (values := _values(args, name))
            },
            sort=_sort(single(args, "sort")),
            page=_page(single(args, "page"), cls.last_page, cls.page_size),
            fold=_fold(single(args, "fold")),
            similar=_id(single(args, "similar")),
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
        first, last = _end("from", self.first).first, _end("to", self.last).last
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

    def with_filter(self, name: str, value: str) -> Self:
        """Also this value; other years open other months, so a year closes the chosen ones."""
        values = self.filters.get(name, ())
        return self._filtered(name, (*values, value) if value not in values else values)

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


def single(args: MultiDict[str, str], name: str) -> str:
    """The one value of an argument, "" where it has none."""
    given = [value for value in args.getlist(name) if value.strip()]
    if len(given) > 1:
        raise ParamsError(
            name, f"The address has {name}= {len(given)} times: keep one of them."
        )
    value = given[0] if given else ""
    return value if name == "q" else value.strip()


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    values = [value for value in args.getlist(name) if value]
    if len(values) > MAX_VALUES:
        raise ParamsError(
            name,
            f"The address has {len(values)} values of {name}=: {MAX_VALUES} at most can be searched "
            "at once.",
        )
    for value in values:
        if len(value) > MAX_VALUE:
            raise ParamsError(
                name,
                f"A value of {name}= has {len(value)} characters: the longest searched for has "
                f"{MAX_VALUE}.",
            )
        if name in SHAPES and not SHAPES[name][0].fullmatch(value):
            raise ParamsError(name, f"“{value}” is not {SHAPES[name][1]}.")
    return tuple(dict.fromkeys(values))


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


def _id(value: str) -> str:
    if len(value) > MAX_ID:
        raise ParamsError(
            "similar",
            f"The id in similar= has {len(value)} characters: the longest looked for has {MAX_ID}.",
        )
    return value


def _page(value: str, last: int, size: int) -> int:
    page = int(value or 1) if re.fullmatch(r"\d{0,9}", value, re.ASCII) else 0
    if page < 1:
        raise ParamsError(
            "page", f"“{value[:MAX_VALUE]}” is not a page: pages count from 1."
        )
    if page > last:
        raise ParamsError(
            "page",
            f"Pages end at {last:,}, which is match {last * size:,}: narrow the search "
            "by date, source or kind, or turn the order around, to see the others.",
        )
    return page


def _end(name: str, value: str) -> DateRange:
    if not value:
        return DateRange()
    try:
        return whole(*parse_date(value))
    except ValueError as error:
        raise ParamsError(name, str(error)) from None
