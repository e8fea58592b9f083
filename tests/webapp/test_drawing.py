"""A timeline as columns: to scale, with round values, and gaps that are no zeros."""

from __future__ import annotations

import datetime

from indexer.periods import Period, count_between
from indexer.query import Term
from indexer.search import SearchRequest
from indexer.timeline import MOST, Measure, Timeline
from tests.indexer.contract.fixtures import publish, said
from tests.oracle import NaiveEngine
from webapp.drawing import COLUMNS, LOW, TOP, draw, most_columns

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
    assert [(plot.kind, plot.series.name) for plot in drawing.plots] == [
        ("value", "x"),
        ("value", "y"),
    ]
    heights = {plot.series.name: plot.columns[0].height for plot in drawing.plots}
    assert heights["y"] == 2 * heights["x"]
    assert [gap.said for gap in drawing.plots[1].gaps] == ["2021 to 2023"]


def test_the_rest_has_a_scale_of_its_own() -> None:
    """It may be many times as much as any part, which must still be seen."""
    engine = NaiveEngine()
    publish(
        engine,
        *(
            said(f"a{n}", "peace", date=DAY(2020, 1, 1), source=f"s{n}")
            for n in range(MOST)
        ),
        *(said(f"b{n}", "peace", date=DAY(2020, 1, 1)) for n in range(100)),
    )
    (timeline,) = engine.timelines(
        [SearchRequest(query=Term("peace"))], period=Period.YEAR, by="source"
    )
    drawing = draw(timeline, Measure())
    assert drawing
    assert {plot.columns[0].height for plot in drawing.plots} == {LOW - TOP}
    assert [plot.axis[-1][1] for plot in drawing.plots] == ["1"] * MOST + ["100"]


def test_rates_have_a_scale_of_their_own() -> None:
    """Fifty of a hundred is half as high as all, whatever was searched."""
    drawing = draw(counted(), Measure("statements", "statements"))
    assert drawing
    assert not drawing.shared
    assert [column.value for column in drawing.plots[0].columns] == [100, 0, 100]
    assert [label for _, label in drawing.plots[0].axis][-1] == "100"


def test_too_many_columns_are_not_drawn() -> None:
    """By day this is more than three years: nobody could tell them apart."""
    timeline = counted(period=Period.DAY)
    assert count_between(timeline.first, timeline.last) > most_columns(timeline)
    assert draw(timeline, Measure()) is None
    assert most_columns(counted(by="source")) < most_columns(counted()) == COLUMNS
