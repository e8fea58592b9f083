"""Years, months and days as the periods that a timeline counts by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum

from indexer.dates import DateRange, whole


class Period(Enum):
    """The length of a period. Periods are named "2025", "2025-07" and "2025-07-10"."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


_SIZE = {Period.YEAR: 4, Period.MONTH: 7, Period.DAY: 10}
_LENGTHS = {size: period for period, size in _SIZE.items()}


def days_of(name: str) -> DateRange:
    """All days of the period with this name."""
    first = date.fromisoformat(f"{name}-01-01"[:10])
    return whole(first, _LENGTHS[len(name)].value)


def name_of(day: date, period: Period) -> str:
    """The period of this length that the day is in."""
    return day.isoformat()[: _SIZE[period]]


def periods_between(first: str, last: str) -> Iterator[str]:
    """The names from one to the other, both included and of the same length; none for ""."""
    name, period = first, _LENGTHS.get(len(first), Period.DAY)
    while name and name < last:
        yield name
        end = days_of(name).last
        assert end
        name = name_of(end + timedelta(1), period)
    if name:
        yield name


def count_between(first: str, last: str) -> int:
    """How many periods ``periods_between`` gives."""
    if not first:
        return 0
    if len(first) == _SIZE[Period.DAY]:
        return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    (year, month), (last_year, last_month) = map(_figures, (first, last))
    if len(first) == _SIZE[Period.YEAR]:
        return last_year - year + 1
    return (last_year - year) * 12 + last_month - month + 1


def _figures(name: str) -> tuple[int, int]:
    year, _, month = name.partition("-")
    return int(year), int(month or 1)
