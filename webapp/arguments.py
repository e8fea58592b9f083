"""The arguments of a URL, each read on its own: what cannot be used is said by its name."""

from __future__ import annotations

import re
from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from indexer.dates import DateRange, parse_date, whole
from indexer.errors import IndexerError
from indexer.search import UNDATED

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


def single(args: MultiDict[str, str], name: str) -> str:
    """The one value of an argument, "" where it has none."""
    given = [value for value in args.getlist(name) if value.strip()]
    if len(given) > 1:
        raise ParamsError(
            name, f"The address has {name}= {len(given)} times: keep one of them."
        )
    value = given[0] if given else ""
    return value if name == "q" else value.strip()


def chosen(args: MultiDict[str, str], name: str, known: Collection[str]) -> str:
    """The one value of an argument that takes one of those known, "" where it has none."""
    value = single(args, name)
    if value and value not in known:
        raise ParamsError(
            name,
            f"“{value[:MAX_VALUE]}” is not a {name} that can be shown: write {name}= with one of "
            f"{', '.join(known)}.",
        )
    return value


def several(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The values of an argument that may be given more than once, each once."""
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


def identifier(args: MultiDict[str, str], name: str) -> str:
    """The id of a statement, "" for none."""
    value = single(args, name)
    if len(value) > MAX_ID:
        raise ParamsError(
            name,
            f"The id in {name}= has {len(value)} characters: the longest looked for has {MAX_ID}.",
        )
    return value


def page_number(args: MultiDict[str, str], last: int, size: int) -> int:
    """The page of so many hits, from 1 to ``last``."""
    value = single(args, "page")
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


def end(name: str, value: str) -> DateRange:
    """The days that a day, month or year is; of nothing all days."""
    if not value:
        return DateRange()
    try:
        return whole(*parse_date(value))
    except ValueError as error:
        raise ParamsError(name, str(error)) from None
