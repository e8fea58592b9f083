"""What templates do with values: dates and numbers for people, marks for their eyes."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from indexer.analysis import spans
from indexer.concordance import on_one_line
from indexer.dates import describe_range
from indexer.search import UNDATED, Snippet
from indexer.statement import Statement
from indexer.terminal import counted
from webapp.passages import disjoint

#: Names of the languages that diplomatic statements are mostly in; others keep their tag.
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ru": "Russian",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zh-hans": "Chinese (simplified)",
    "zh-hant": "Chinese (traditional)",
}

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_MEANS_SOMETHING = re.compile("[&<>\"']")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def day(value: datetime.date, precision: str = "day") -> str:
    """A date as far as it is known: 31 October 2025, October 2025, or 2025."""
    if precision == "year":
        return str(value.year)
    month = f"{MONTHS[value.month - 1]} {value.year}"
    return month if precision == "month" else f"{value.day} {month}"


def dated(statement: Statement) -> Markup:
    """The statement's date in a ``time`` element, or "Undated"."""
    return _dated(statement.date, statement.date_precision)


@lru_cache(maxsize=4096)
def _dated(date: datetime.date | None, precision: str) -> Markup:
    if date is None:
        return Markup("Undated")
    known = {"year": 4, "month": 7}.get(precision, 10)
    return Markup(
        f'<time datetime="{date.isoformat()[:known]}">{day(date, precision)}</time>'
    )


def moment(stamp: str) -> str:
    """An ISO 8601 time, as a minute in UTC: 31 October 2025, 09:05 UTC."""
    time = datetime.datetime.fromisoformat(stamp).astimezone(datetime.UTC)
    return f"{day(time.date())}, {time:%H:%M} UTC"


def number(value: int) -> str:
    """A count with commas at the thousands."""
    return f"{value:,}"


def rate(value: float) -> str:
    """A rate with two decimals, or as many as tell it from 0: 12.50, 0.33, 0.004."""
    digits = 2
    while value and round(value, digits) == 0:
        digits += 1
    return f"{value:,.{digits}f}"


@lru_cache(maxsize=4096)
def as_html(name: str) -> Markup:
    """A name that a page has many times over, such as a source's, escaped once."""
    return escape(name)


def written(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def label(value: str, facet: str) -> str:
    """A facet's value as people say it."""
    if facet == "language":
        return LANGUAGES.get(value.lower(), value)
    if facet == "month":
        year, month = value.split("-")
        return f"{MONTHS[int(month) - 1]} {year}"
    return "Undated" if (facet, value) == ("year", UNDATED) else value


def marked(snippet: Snippet) -> Markup:
    """The snippet as HTML: everything escaped, each match in a ``mark``, dots where it is cut."""
    text = snippet.text
    escaped = html.escape if _MEANS_SOMETHING.search(text) else str
    parts = [] if snippet.opens else ["…\u00a0"]
    done = 0
    for start, end in disjoint(snippet.marks):
        parts.append(
            f"{escaped(text[done:start])}<mark>{escaped(text[start:end])}</mark>"
        )
        done = end
    parts.append(escaped(text[done:]))
    if not snippet.closes:
        parts.append("\u00a0…")
    return Markup("".join(parts))


def short_date(statement: Statement) -> Markup:
    """The date as tables show it: 2025-10-31, 2025-10, 2025 or "Undated"."""
    if statement.date is None:
        return Markup("Undated")
    known = {"year": 4, "month": 7}.get(statement.date_precision, 10)
    return Markup("<time>{}</time>").format(statement.date.isoformat()[:known])


def context(text: str, step: int = 0) -> Markup:
    """Context on one line; the word so many steps from the match, that it is sorted by, stands out.

    The match is at the text's start where ``step`` is above 0, at its end where it is below.
    """
    line = on_one_line(text)
    starts, ends = spans(line)
    if not 0 < abs(step) <= len(starts):
        return escape(line)
    place = step - 1 if step > 0 else step
    start, end = int(starts[place]), int(ends[place])
    return Markup("{}<b>{}</b>{}").format(line[:start], line[start:end], line[end:])


def web_address(url: str) -> str:
    """The address if a browser may follow it (http or https), else "", whatever a readout says."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def slashed(statement: Statement) -> str:
    """The date as far as it is known, as Highwire's tags have it: 2025/10/31, 2025/10, 2025."""
    if statement.date is None:
        return ""
    known = {"year": 4, "month": 7}.get(statement.date_precision, 10)
    return statement.date.isoformat()[:known].replace("-", "/")


def host(url: str) -> str:
    """The host of a web address, to name a link by."""
    return urlsplit(url).hostname or url


FILTERS: dict[str, Callable[..., object]] = {
    "context": context,
    "counted": counted,
    "dated": dated,
    "days": describe_range,
    "host": host,
    "html": as_html,
    "label": label,
    "marked": marked,
    "moment": moment,
    "number": number,
    "on_one_line": on_one_line,
    "short_date": short_date,
    "rate": rate,
    "slashed": slashed,
    "web_address": web_address,
    "written": written,
}
