"""Hits over time: a bar for each year or month, laid out for an inline SVG.

Widths are percentages of the chart's own, so that one drawing fits every screen; heights are
pixels. A statement dated by its year alone is in no month, and the chart says how many are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.dates import DateRange
from indexer.search import UNDATED, FacetCount
from webapp.filters import MONTHS, label
from webapp.params import SearchParams

BASE = 76  # pixels from the top down to the base line; the labels stand below
TOP = 12  # the highest bar ends here, its count stands above
LEAST = 2  # a bar of one among thousands is still seen
MOST_LABELS = 8
MOST_NOTES = 12
MOST_MONTHS = 24  # a longer span is shown by year
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A year or a month with its count; ``x`` and ``width`` are percentages, the rest pixels.

    ``note`` stands above the bar and ``tick`` below it; among many bars few have one.
    """

    value: str
    name: str
    count: int
    x: float
    width: float
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


def timeline(
    facets: Mapping[str, Sequence[FacetCount]],
    params: SearchParams,
    years: tuple[int, int] | None,
) -> Timeline | None:
    """The timeline of a result; ``years`` are the corpus's first and last, None if it has no dates.

    By month where one year is chosen or the span has no more than 24, else by year. None where
    nothing can be drawn.
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
        bars, peak = _layout(names, by_month, params.filters.get("month", ()))
        unplaced = dated - sum(by_month.values())
        return Timeline("month", year, bars, peak, 0 if chosen else undated, unplaced)
    names = [f"{n:04}" for n in range(first // 12, last // 12 + 1)]
    bars, peak = _layout(names, by_year, tuple(chosen))
    return Timeline("year", "", bars, peak, undated, 0)


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
    names: list[str], counts: Mapping[str, int], chosen: tuple[str, ...]
) -> tuple[tuple[Bar, ...], int]:
    peak = max((counts.get(name, 0) for name in names), default=0)
    highest = next((name for name in names if counts.get(name, 0) == peak), "")
    few = len(names) <= MOST_NOTES
    step = 100 / len(names)
    bars = []
    for place, name in enumerate(names):
        count = counts.get(name, 0)
        height = max(LEAST, round((BASE - TOP) * count / peak, 1)) if count else 0
        bars.append(
            Bar(
                value=name,
                name=label(name, "month") if "-" in name else name,
                count=count,
                x=round(step * place, 3),
                width=round(step, 3),
                y=BASE - height,
                height=height,
                note=f"{count:,}" if count and (few or name == highest) else "",
                tick=_tick(name, len(names)),
                chosen=name in chosen,
            )
        )
    return tuple(bars), peak


def _tick(name: str, total: int) -> str:
    """The label under a bar, "" under most where there are many."""
    year, _, month = name.partition("-")
    if not month:
        step = next((n for n in STEPS if total <= n * MOST_LABELS), STEPS[-1])
        return "" if int(year) % step else year
    if total <= 12:
        return MONTHS[int(month) - 1][:3]
    return {"01": year, "04": "Apr", "07": "Jul", "10": "Oct"}.get(month, "")
