from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.search import FacetCount
from webapp.chart import BASE, MOST_MONTHS, TOP, timeline
from webapp.params import SearchParams


def counts(**by: dict[str, int]) -> dict[str, tuple[FacetCount, ...]]:
    empty: dict[str, dict[str, int]] = {"year": {}, "month": {}}
    return {
        name: tuple(FacetCount(value, count) for value, count in each.items())
        for name, each in (empty | by).items()
    }


def params(url: str = "") -> SearchParams:
    return SearchParams.from_args(
        MultiDict(tuple(each.split("=")) for each in url.split("&") if each)
    )


def test_years_without_a_hit_have_their_place() -> None:
    """The bars run over all years of the corpus, silent ones too; a bar's height is its count."""
    chart = timeline(
        counts(year={"2019": 2, "2024": 4, "undated": 3}), params(), (2018, 2025), str
    )
    assert chart is not None
    assert [bar.name for bar in chart.bars] == [str(year) for year in range(2018, 2026)]
    assert [bar.count for bar in chart.bars] == [0, 2, 0, 0, 0, 0, 4, 0]
    assert chart.bars[6].height == BASE - TOP
    assert chart.bars[1].height == (BASE - TOP) / 2
    assert chart.bars[0].height == 0
    assert (chart.unit, chart.undated, chart.peak) == ("year", 3, 4)


def test_a_chosen_year_is_shown_by_month() -> None:
    """Twelve months, and those statements counted that are dated by the year alone."""
    chart = timeline(
        counts(year={"2024": 3, "2025": 5}, month={"2025-07": 1, "2025-10": 2}),
        params("year=2025&month=2025-07"),
        (2019, 2025),
        str,
    )
    assert chart is not None
    assert [bar.value for bar in chart.bars] == [f"2025-{n:02}" for n in range(1, 13)]
    assert [bar.tick for bar in chart.bars][:2] == ["Jan", "Feb"]
    assert sum(bar.count for bar in chart.bars) == 3
    assert chart.unplaced == 2
    assert [bar.value for bar in chart.bars if bar.chosen] == ["2025-07"]


def test_a_short_span_is_shown_by_month() -> None:
    """Two years of dates are 24 months; a day more makes it years again."""
    found = counts(year={"2025": 1}, month={"2025-01": 1})
    months = timeline(found, params("from=2024&to=2025"), (2010, 2026), str)
    years = timeline(found, params("from=2024&to=2026-01"), (2010, 2026), str)
    assert months is not None
    assert years is not None
    assert (months.unit, len(months.bars)) == ("month", MOST_MONTHS)
    assert [bar.tick for bar in months.bars if bar.tick] == [
        *("2024", "Apr", "Jul", "Oct"),
        *("2025", "Apr", "Jul", "Oct"),
    ]
    assert (years.unit, len(years.bars)) == ("year", 3)


def test_without_a_date_there_is_no_chart() -> None:
    """Nothing is drawn of an undated corpus, nor of days outside of it."""
    found = counts(year={"undated": 3})
    assert timeline(found, params(), None, str) is None
    assert timeline(found, params("from=2030"), (2010, 2020), str) is None


@given(
    st.dictionaries(st.integers(1000, 1400), st.integers(1, 10**6), min_size=1),
    st.integers(0, 50),
)
def test_the_bars_add_up_to_the_total(by_year: dict[int, int], undated: int) -> None:
    """Every statement is in one bar or named beside the chart, and every bar fits into it."""
    found = {f"{year}": count for year, count in sorted(by_year.items())}
    chart = timeline(
        counts(year=found | {"undated": undated}),
        params("from=1000&to=1400"),
        (1000, 1400),
        str,
    )
    assert chart is not None
    total = sum(bar.count for bar in chart.bars) + chart.undated + chart.unplaced
    assert total == sum(by_year.values()) + undated
    assert len([bar for bar in chart.bars if bar.tick]) <= 9
    for bar in chart.bars:
        assert 0 <= bar.place.x <= bar.place.x + bar.place.width <= 100.1
        assert bar.height == 0 or 2 <= bar.height <= BASE - TOP
        assert bool(bar.height) == bool(bar.count)
