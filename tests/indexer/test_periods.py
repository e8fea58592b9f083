"""Periods are the calendar's, one after the other."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.periods import Period, count_between, days_of, name_of, periods_between

DAYS = st.dates(datetime.date(1000, 1, 1), datetime.date(9999, 12, 31))


@pytest.mark.parametrize(
    "first, last, names",
    [
        ("2023", "2025", ["2023", "2024", "2025"]),
        ("2023-11", "2024-02", ["2023-11", "2023-12", "2024-01", "2024-02"]),
        ("2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("9999-12-31", "9999-12-31", ["9999-12-31"]),
        ("", "", []),
    ],
)
def test_periods_follow_each_other(first, last, names):
    """From the first to the last, whatever year or month ends between."""
    assert list(periods_between(first, last)) == names
    assert count_between(first, last) == len(names)


@given(DAYS, st.sampled_from(Period))
def test_a_day_is_among_the_days_of_its_period(day, period):
    """The name of a period and its days are two ways to say the same."""
    days = days_of(name_of(day, period))
    assert days.first <= day <= days.last
    assert name_of(days.first, period) == name_of(days.last, period)
    around = (days.first.toordinal() - 1, days.last.toordinal() + 1)
    for ordinal in around:
        if ordinal <= datetime.date.max.toordinal():
            outside = datetime.date.fromordinal(ordinal)
            assert name_of(outside, period) != name_of(day, period)
