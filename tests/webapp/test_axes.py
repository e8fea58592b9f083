"""Axes: few values, round ones, and names that do not crowd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.periods import periods_between
from webapp.axes import LABELS, TICKS, labels, ticks
from webapp.drawing import COLUMNS


@given(st.floats(1e-6, 1e9))
def test_values_of_the_axis_are_few_and_round(peak: float) -> None:
    """They start at 0, reach the peak, and go no further than they must."""
    marks = ticks(peak, whole=False)
    assert marks[0] == 0
    assert 2 <= len(marks) <= TICKS + 1
    assert marks[-1] >= peak * (1 - 1e-6) and marks[-2] < peak
    step = marks[1]
    assert f"{step:e}"[:4].rstrip("0") in ("1.", "2.", "2.5", "5.")


@given(st.integers(1, 10**7))
def test_counts_have_whole_values_on_the_axis(peak: int) -> None:
    """Nothing is half a statement."""
    marks = ticks(peak, whole=True)
    assert all(mark == int(mark) for mark in marks)
    assert marks[-1] >= peak and len(marks) <= TICKS + 1


@pytest.mark.parametrize(
    "first, last, shown",
    [
        ("2023", "2025", ["2023", "2024", "2025"]),
        ("2025-11", "2026-02", ["Nov", "Dec", "2026", "Feb"]),
        ("2024-06", "2025-08", ["Jul", "Oct", "2025", "Apr", "Jul"]),
        ("2025-06-29", "2025-07-02", ["29", "30", "Jul", "2"]),
        ("2025-06-10", "2025-07-20", ["15", "Jul", "15"]),
    ],
)
def test_labels_of_periods(first: str, last: str, shown: list[str]) -> None:
    """As many as there is room for, years where they begin."""
    assert list(filter(None, labels(list(periods_between(first, last))))) == shown


@given(
    st.sampled_from(("1946", "1946-07", "1946-07-10")),
    st.integers(0, COLUMNS - 1),
)
def test_labels_never_crowd(first: str, more: int) -> None:
    """There is at least one, and no more than a phone has room for."""
    names = []
    for name in periods_between(first, "9999-12-31"[: len(first)]):
        names.append(name)
        if len(names) > more:
            break
    shown = list(filter(None, labels(names)))
    assert len(shown) <= 2 * LABELS
    assert shown or len(names) <= 24
