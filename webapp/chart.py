"""Hits over time: a bar for each year or month, laid out for an inline SVG.

Widths are percentages of the chart's own, so that one drawing fits every screen; heights are
pixels. A statement dated by its year alone is in no month, and the chart says how many are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from indexer.dates import DateRange
from indexer.search import UNDATED, FacetCount
from indexer.terminal import counted
from webapp.filters import MONTHS, label
from webapp.links import argument, search_prefix
from webapp.params import SearchParams

BASE = 76  # pixels from the top down to the base line; the labels stand below
TOP = 12  # the highest bar ends here, its count stands above
SIDE = 0.12  # of a bar's width is free on each side
LEAST = 2  # a bar of one among thousands is still seen
MOST_LABELS = 8
MOST_NOTES = 12
MOST_MONTHS = 24  # a longer span is shown by year
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


class Place(NamedTuple):
    """Where a bar stands, in percentages: all that leads to it, what is drawn of it, its middle."""

    x: float
    width: float
    left: float
    drawn: float
    middle: float


class Bar(NamedTuple):
    """A year or a month with its count, which is ``said`` too; ``y`` and ``height`` are pixels.

    ``url`` leads to the statements. ``note`` stands above the bar and ``tick`` below it; among many
    bars few have one. Each of these strings is HTML.
    """

    value: str
    name: str
    count: int  # type: ignore[assignment]  # a tuple's own count is not missed
    said: str
    url: str
    place: Place
    y: float
    height: float
    note: str
    tick: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from the first to the last year or month, none left out.

    ``unit`` is the facet that a bar filters by. ``unplaced`` counts the statements found that no
    bar can hold for being dated by their year alone; ``year`` is the one whose months are shown.
    """

    unit: str
    year: str
    bars: tuple[Bar, ...]
    peak: int
    undated: int
    unplaced: int

    @property
    def choosing(self) -> bool:
        """Whether a bar is chosen."""
        return any(bar.chosen for bar in self.bars)


def timeline(
    facets: Mapping[str, Sequence[FacetCount]],
    params: SearchParams,
    years: tuple[int, int] | None,
    address: Callable[[str], str],
) -> Timeline | None:
    """The timeline of a result; ``years`` are the corpus's first and last, None if it has no dates.

    ``address`` tells where a year or a month leads, as HTML. By month where one year is chosen or
    the span has no more than 24, else by year. None where nothing can be drawn.
    """
    if years is None:
        return None
    by_year = {each.value: each.count for each in facets["year"]}
    by_month = {each.value: each.count for each in facets["month"]}
    undated = by_year.pop(UNDATED, 0)
    by_month.pop(UNDATED, None)
    chosen = [year for year in params.filters.get("year", ()) if year != UNDATED]
    year = chosen[0] if len(chosen) == 1 else ""
    first, last = _span(years, params.dates, year)
    if last < first:
        return None
    if last - first < MOST_MONTHS:
        names = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]
        dated = sum(by_year.get(each, 0) for each in chosen or by_year)
        bars, peak = _layout(names, by_month, params.filters.get("month", ()), address)
        unplaced = dated - sum(by_month.values())
        return Timeline("month", year, bars, peak, 0 if chosen else undated, unplaced)
    names = [f"{n:04}" for n in range(first // 12, last // 12 + 1)]
    bars, peak = _layout(names, by_year, tuple(chosen), address)
    return Timeline("year", "", bars, peak, undated, 0)


def addresses(params: SearchParams) -> Callable[[str], str]:
    """Where the bar of a year or a month leads, escaped for HTML."""
    prefix = search_prefix(params.without_filter("year").args)

    def address(value: str) -> str:
        year, _, month = value.partition("-")
        months = f"&amp;{argument('month', value)}" if month else ""
        return f"{prefix}{argument('year', year)}{months}"

    return address


def _span(
    years: tuple[int, int], dates: DateRange | None, year: str
) -> tuple[int, int]:
    """The first and the last month to show, counted from January of the year 0."""
    if year:
        return int(year) * 12, int(year) * 12 + 11
    first, last = years[0] * 12, years[1] * 12 + 11
    if dates and dates.first:
        first = max(first, dates.first.year * 12 + dates.first.month - 1)
    if dates and dates.last:
        last = min(last, dates.last.year * 12 + dates.last.month - 1)
    return first, last


def _layout(
    names: list[str],
    counts: Mapping[str, int],
    chosen: tuple[str, ...],
    address: Callable[[str], str],
) -> tuple[tuple[Bar, ...], int]:
    peak = max((counts.get(name, 0) for name in names), default=0)
    highest = next((name for name in names if counts.get(name, 0) == peak), "")
    few = len(names) <= MOST_NOTES
    bars = []
    for value, (name, place, tick) in zip(names, _places(tuple(names)), strict=True):
        count = counts.get(value, 0)
        height = max(LEAST, round((BASE - TOP) * count / peak, 1)) if count else 0
        noted = count and (few or value == highest)
        bars.append(
            Bar(
                value,
                name,
                count,
                f"{name}: {counted(count, 'statement')}",
                address(value) if count else "",
                place,
                BASE - height,
                height,
                f"{count:,}" if noted else "",
                tick,
                value in chosen,
            )
        )
    return tuple(bars), peak


@lru_cache(maxsize=16)
def _places(names: tuple[str, ...]) -> list[tuple[str, Place, str]]:
    """What all results of a corpus have in common: names in words, places, labels."""
    step = 100 / len(names)
    found = []
    for number, name in enumerate(names):
        x = step * number
        ends = x, step, x + step * SIDE, step * (1 - 2 * SIDE), x + step / 2
        place = Place(*[round(each, 3) for each in ends])
        said = label(name, "month") if "-" in name else name
        found.append((said, place, _tick(name, len(names))))
    return found


def _tick(name: str, total: int) -> str:
    """The label under a bar, "" under most where there are many."""
    year, _, month = name.partition("-")
    if not month:
        step = next((n for n in STEPS if total <= n * MOST_LABELS), STEPS[-1])
        return "" if int(year) % step else year
    if total <= 12:
        return MONTHS[int(month) - 1][:3]
    return {"01": year, "04": "Apr", "07": "Jul", "10": "Oct"}.get(month, "")
