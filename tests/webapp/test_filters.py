from __future__ import annotations

import datetime

import pytest

from indexer.statement import Statement
from webapp.filters import counted, dated, label, moment, web_address


@pytest.mark.parametrize(
    ("precision", "html"),
    [
        ("day", '<time datetime="2025-10-01">1 October 2025</time>'),
        ("month", '<time datetime="2025-10">October 2025</time>'),
        ("year", '<time datetime="2025">2025</time>'),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(precision: str, html: str) -> None:
    """A month's first day is not shown as a day on which something was said."""
    date = datetime.date(2025, 10, 1)
    statement = Statement(
        id="a", title="", text="", date=date, date_precision=precision
    )
    assert dated(statement) == html


def test_no_date_is_undated() -> None:
    """An unknown date is called so."""
    assert dated(Statement(id="a", title="", text="")) == "Undated"


def test_counts_agree_with_their_nouns() -> None:
    """One match, two matches, no statements."""
    assert counted(1, "match") == "1 match"
    assert counted(2, "match") == "2 matches"
    assert counted(0, "statement") == "0 statements"
    assert counted(12345, "statement") == "12,345 statements"


def test_values_of_facets_are_said_as_people_say_them() -> None:
    """Languages by name, months in words, everything else as it stands."""
    assert label("zh-Hans", "language") == "Chinese (simplified)"
    assert label("tlh", "language") == "tlh"
    assert label("2025-07", "month") == "July 2025"
    assert label("undated", "year") == "Undated"
    assert label("undated", "source") == "undated"


def test_times_are_told_in_utc() -> None:
    """Whatever offset a time is given with."""
    assert moment("2025-10-31T01:05:09+02:00") == "30 October 2025, 23:05 UTC"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "http:///x",
        "https://[",
        "relative/path",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """A readout's url may say anything; a browser is led to http and https alone."""
    assert web_address(url) == ""
    assert web_address("https://news.example/a?b=c") == "https://news.example/a?b=c"
