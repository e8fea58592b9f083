"""Several searches by period: each line with its own counts or its own fault."""

from __future__ import annotations

import datetime

import pytest

from indexer.dates import DateRange
from indexer.matrix import LINES, matrix, written_lines
from indexer.periods import Period
from indexer.search import SearchRequest
from indexer.timeline import Tally
from tests.indexer.contract.fixtures import publish, said
from tests.oracle import NaiveEngine

DAY = datetime.date


@pytest.fixture
def engine():
    engine = NaiveEngine()
    publish(
        engine,
        said("a", "peace and peace", date=DAY(2023, 1, 5)),
        said("b", "war and peace", date=DAY(2025, 1, 5)),
        said("c", "a war", date=DAY(2025, 1, 1), date_precision="year"),
    )
    return engine


def test_a_line_that_cannot_be_read_costs_no_other(engine):
    """It says what is wrong and where; the lines around it are counted."""
    lines = written_lines('peace\n\n"unclosed\nwar')
    found = matrix(engine, lines, SearchRequest(), Period.YEAR)
    assert [row.number for row in found.rows] == [1, 3, 4]
    peace, unclosed, war = found.rows
    assert peace.tallies == {"2023": Tally(1, 2, 1, 3), "2025": Tally(1, 1, 2, 5)}
    assert unclosed.error.position == 0
    assert unclosed.tallies == {}
    assert war.timeline.whole.total.statements == 2
    assert list(found.periods()) == ["2023", "2024", "2025"]
    assert found.size == 3
    assert found.index == engine.info()


def test_lines_share_dates_and_filters_and_may_have_their_own(engine):
    """What the request is narrowed to holds for all; the columns are those of any line."""
    request = SearchRequest(dates=DateRange(DAY(2024, 1, 1)))
    found = matrix(engine, [(1, "peace"), (2, "war")], request, Period.YEAR)
    assert [row.timeline.whole.total.statements for row in found.rows] == [1, 2]
    found = matrix(
        engine, [(1, "peace date:2023"), (2, "war")], SearchRequest(), Period.MONTH
    )
    assert (found.first, found.last) == ("2023-01", "2025-01")
    assert found.rows[1].timeline.whole.imprecise.statements == 1


def test_lines_are_limited():
    """Blank lines are none; one too many is told, with how many to leave out."""
    assert written_lines(" \n\n a  b \r\nc") == [(3, "a  b"), (4, "c")]
    assert len(written_lines("a\n\n" * LINES)) == LINES
    with pytest.raises(ValueError, match="leave out 2"):
        written_lines("a\n" * (LINES + 2))


def test_no_line_at_all_is_an_empty_matrix(engine):
    """Nothing asked, nothing counted, nothing wrong."""
    found = matrix(engine, [], SearchRequest(), Period.YEAR)
    assert (found.rows, found.size, list(found.periods())) == ((), 0, [])
