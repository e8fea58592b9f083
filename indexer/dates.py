"""Calendar days and ranges of them, read without ever guessing a part that is not written."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from dateutil import parser

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WRITE = "write a date as 2025, 2025-07 or 2025-07-10"

# "Wednesday, 31st September 2025, 10:00:00 a.m. +08:00" is shorter.
_LONGEST = 64

# What may follow a day: an hour, which is of no interest here, nor is its offset from UTC.
_HOUR = (
    r"(?:[T ]\s?\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:[A-Z]{1,5})?(?:[+-]\d\d:?\d\d)?)?"
)

_YEAR_FIRST = tuple(
    re.compile(pattern + _HOUR, re.ASCII)
    for pattern in (
        r"(\d{4})",
        r"(\d{4})(\d\d)(\d\d)",
        r"(\d{4})-(\d\d?)(?:-(\d\d?))?",
        r"(\d{4})/(\d\d?)(?:/(\d\d?))?",
        r"(\d{4})\.(\d\d?)(?:\.(\d\d?))?",
        r"(\d{4})\s?[年년](?:\s?(\d\d?)\s?[月월](?:\s?(\d\d?)\s?[日號号일])?)?",
    )
)
_YEAR_LAST = re.compile(r"(?:(\d\d?)[-/.])?(\d\d?)[-/.](\d{4})" + _HOUR, re.ASCII)
_ERA = re.compile(
    r"(令和|平成|昭和|大正|明治)(\d\d?|元)年(?:(\d\d?)月(?:(\d\d?)日)?)?", re.ASCII
)
_BEFORE_ERA = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_NAMED_MONTH = re.compile(
    rf"\b({'|'.join(month[:3] for month in _MONTHS)})", re.IGNORECASE
)

# What dateutil fills in for a missing part. The days lie more than a week apart, since a weekday
# without a day moves the one filled in.
_FILLERS = (datetime(2000, 1, 1), datetime(2004, 7, 15))


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from ``first`` to ``last``, both included; None leaves that side open.

    ``str`` gives the shortest text that ``parse_range`` reads as the same range.
    """

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        first, last = _ends(self)
        return _iso(first) if first == last else f"{_iso(first)}..{_iso(last)}"


def parse_date(text: str) -> tuple[date, str]:
    """The calendar day written in ``text``, and its precision: "day", "month" or "year".

    A month or a year gives its first day. A text with an hour gives the day as it stands there,
    whatever the offset from UTC. Figures, English names of months, Chinese and Korean dates and
    Japanese eras are read. ValueError, with a sentence, where a part is missing, the day is not in
    the calendar, or the figures can be read in two ways.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(plain) > _LONGEST:
        raise ValueError(f"“{plain[:20]}…” is too long to be a date: {_WRITE}.")
    for pattern in _YEAR_FIRST:
        if match := pattern.fullmatch(plain):
            return _calendar(*(int(part) for part in match.groups() if part))
    if match := _ERA.fullmatch(plain):
        era, year, *rest = match.groups()
        years = _BEFORE_ERA[era] + (1 if year == "元" else int(year))
        return _calendar(years, *(int(part) for part in rest if part))
    if match := _YEAR_LAST.fullmatch(plain):
        return _read_year_last(*match.groups())
    return _read_named(plain)


def parse_range(text: str) -> DateRange:
    """The days meant by ``2025``, ``2025-07``, ``2025-07-10``, ``a..b``, ``a..`` or ``..b``.

    A month or a year is the whole of it. ValueError, with a sentence, as ``parse_date``, and where
    the range runs backwards.
    """
    sides = re.split(r"\s*(?:\.{2,}|…)\s*", text.strip())
    if len(sides) == 1:
        return whole(*parse_date(text))
    if len(sides) > 2 or not any(sides):
        raise ValueError(
            "A range has two ends, one of which may be left out: write 2025-07..2025-10."
        )
    first = whole(*parse_date(sides[0])).first if sides[0] else None
    last = whole(*parse_date(sides[1])).last if sides[1] else None
    if first is not None and last is not None and first > last:
        raise ValueError(
            f"The range runs backwards: write {sides[1]}..{sides[0]}, the earlier date first."
        )
    return DateRange(first, last)


def whole(day: date, precision: str) -> DateRange:
    """All the days of what ``parse_date`` gave: the day itself, its month or its year."""
    if precision == "year":
        return DateRange(day, day.replace(month=12, day=31))
    if precision == "month":
        return DateRange(day, day.replace(day=monthrange(day.year, day.month)[1]))
    return DateRange(day, day)


def describe_range(days: DateRange) -> str:
    """The range in words that can follow "dated": "July to October 2025", "on or after …"."""
    if days.first is None or days.last is None:
        sides = (("on or after", days.first), ("on or before", days.last))
        open_ended = [f"{side} {_say(_parts(day))}" for side, day in sides if day]
        return "".join(open_ended) or "any day"
    first, last = _ends(days)
    if first == last:
        return _say(first)
    same = 0
    while first[same] == last[same]:
        same += 1
    return f"{_say(first, leave_out=same)} to {_say(last)}"


def _calendar(
    year: int, month: int | None = None, day: int | None = None
) -> tuple[date, str]:
    """The day with these figures, and its precision, if the calendar has it."""
    if year < 1000:
        raise ValueError(f"{year:04} is too early a year: {_WRITE}.")
    if month is None:
        return date(year, 1, 1), "year"
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}: write a month from 01 to 12.")
    if day is None:
        return date(year, month, 1), "month"
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise ValueError(
            f"There is no {_say((year, month, day))}: that month has {days} days."
        )
    return date(year, month, day), "day"


def _read_year_last(one: str | None, two: str, year: str) -> tuple[date, str]:
    """31/10/2025 or 10/31/2025, where only one of the figures can be the month."""
    if one is None:
        return _calendar(int(year), int(two))
    a, b = int(one), int(two)
    if a != b and a <= 12 and b <= 12:
        raise ValueError(
            f"{one}/{two}/{year} can be read in two ways: "
            f"write {year}-{b:02}-{a:02} or {year}-{a:02}-{b:02}."
        )
    return _calendar(int(year), a, b) if b > 12 else _calendar(int(year), b, a)


def _read_named(text: str) -> tuple[date, str]:
    """31 October 2025, and the many ways to write it in English: dateutil knows them.

    What it fills in for a missing part is told apart by filling in different ones.
    """
    if not _NAMED_MONTH.search(text):
        raise ValueError(f"“{text}” is not a date: {_WRITE}.")
    try:
        one, two = (
            parser.parse(text, default=filler, ignoretz=True) for filler in _FILLERS
        )
    except (ValueError, ArithmeticError):
        raise ValueError(f"“{text}” is not a date of the calendar: {_WRITE}.") from None
    # It also takes 25 for 2025, and the year for an hour.
    if one.year != two.year or not re.search(rf"(?<!\d){one.year}(?!\d)", text):
        raise ValueError(f"“{text}” says no year of four figures: {_WRITE}.")
    return _calendar(one.year, one.month, one.day if one.day == two.day else None)


def _parts(day: date) -> tuple[int, ...]:
    return day.year, day.month, day.day


def _ends(days: DateRange) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both ends as years, as years and months or as days: the shortest that says the same.

    An open end has no figures.
    """
    first = () if days.first is None else _parts(days.first)
    last = () if days.last is None else _parts(days.last)
    if first[2:] not in ((), (1,)):
        return first, last
    if last and last[2] != monthrange(*last[:2])[1]:
        return first, last
    if first[1:2] in ((), (1,)) and last[1:2] in ((), (12,)):
        return first[:1], last[:1]
    return first[:2], last[:2]


def _iso(figures: tuple[int, ...]) -> str:
    return "-".join(f"{figure:02}" for figure in figures)


def _say(figures: tuple[int, ...], leave_out: int = 0) -> str:
    """The figures as 10 July 2025, without the first ``leave_out`` of year, month and day."""
    names = [str(figures[0])]
    names += [_MONTHS[month - 1] for month in figures[1:2]]
    names += [str(day) for day in figures[2:3]]
    return " ".join(reversed(names[leave_out:]))
