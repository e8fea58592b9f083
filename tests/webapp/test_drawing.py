"""A timeline as columns: to scale, with round values, and gaps that are no zeros."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.periods import Period, count_between, periods_between
from indexer.query import Term
from indexer.search import SearchRequest
from indexer.timeline import Measure, Timeline
from tests.indexer.contract.fixtures import publish, said
from tests.oracle import NaiveEngine
from webapp.drawing import COLUMNS, LABELS, TICKS, _labels, draw, ticks

DAY = datetime.date


def counted(by: str | None = None, period: Period = Period.YEAR) -> Timeline:
    """2020 twice (of two), 2021 nothing to say, 2022 zero of one, 2023 once of one."""
    engine = NaiveEngine()
    publish(
        engine,
        said("a", "peace", date=DAY(2020, 1, 1), source="x"),
        said("b", "peace, peace", date=DAY(2020, 2, 1), source="y"),
        said("c", "war", date=DAY(2022, 3, 1), source="x"),
        said("d", "peace", date=DAY(2023, 4, 1), source="x"),
    )
    (timeline,) = engine.timelines(
        [SearchRequest(query=Term("peace"))], period=period, by=by
    )
    return timeline


def test_zero_is_no_bar_and_a_gap_is_no_column() -> None:
    """A period with nothing found has a height of 0; one with nothing searched is a gap."""
    drawing = draw(counted(), Measure())
    assert drawing
    (plot,) = drawing.plots
    assert [(each.name, each.value) for each in plot.columns] == [
        ("2020", 2),
        ("2022", 0),
        ("2023", 1),
    ]
    full, none, half = (each.height for each in plot.columns)
    assert (none, half) == (0, full / 2)
    assert plot.columns[0].ground == full  # statements, to the same scale
    assert [(each.said, each.x, each.width) for each in plot.gaps] == [("2021", 25, 25)]


def test_parts_are_drawn_on_one_scale() -> None:
    """One plot for each, with its own gaps."""
    drawing = draw(counted(by="source"), Measure("occurrences"))
    assert drawing
    assert [(plot.kind, plot.name) for plot in drawing.plots] == [
        ("value", "x"),
        ("value", "y"),
    ]
    heights = {plot.name: plot.columns[0].height for plot in drawing.plots}
    assert heights["y"] == 2 * heights["x"]
    assert [gap.said for gap in drawing.plots[1].gaps] == ["2021 to 2023"]


def test_rates_have_a_scale_of_their_own() -> None:
    """Fifty of a hundred is half as high as all, whatever was searched."""
    drawing = draw(counted(), Measure("statements", "statements"))
    assert drawing
    assert not drawing.shared
    assert [column.value for column in drawing.plots[0].columns] == [100, 0, 100]
    assert [label for _, label in drawing.axis][-1] == "100"


def test_too_many_columns_are_not_drawn() -> None:
    """By day this is more than three years: nobody could tell them apart."""
    timeline = counted(period=Period.DAY)
    assert count_between(timeline.first, timeline.last) > COLUMNS
    assert draw(timeline, Measure()) is None


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
    assert list(filter(None, _labels(list(periods_between(first, last))))) == shown


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
    labels = list(filter(None, _labels(names)))
    assert len(labels) <= 2 * LABELS
    if len(names) > 24:
        assert labels
