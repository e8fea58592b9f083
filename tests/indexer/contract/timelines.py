"""Results by period: nothing is dated more precisely than it is, and all adds up."""

from __future__ import annotations

import datetime

import pytest

from indexer.dates import DateRange
from indexer.periods import Period
from indexer.query import EVERYTHING, And, Dates, Field, Phrase, Prefix, Term
from indexer.search import SearchRequest
from indexer.timeline import MOST, Tally
from tests.indexer.contract.fixtures import EngineFixtures, publish, quoted, said

DAY = datetime.date

# "one mirror" stands in a (twice), in c, d and e; each text has four tokens, a's has eight.
CORPUS = (
    said(
        "a",
        "one mirror and one mirror in the hall",
        date=DAY(2023, 3, 9),
        source="xinhua",
        countries=("China", "Japan"),
    ),
    said("b", "a hall of mirrors", date=DAY(2025, 3, 1), source="xinhua"),
    said(
        "c",
        "hold up one mirror",
        date=DAY(2025, 5, 1),
        date_precision="month",
        source="mofa-jp",
        countries=("Japan",),
    ),
    said(
        "d",
        "history is one mirror",
        date=DAY(2025, 1, 1),
        date_precision="year",
        source="mofa-jp",
    ),
    said("e", "one mirror of many", source="kantei", countries=("China",)),
)
MIRROR = quoted("one mirror")


def timeline(engine, query=MIRROR, period=Period.YEAR, by=None, **known):
    """The timeline of one search."""
    request = SearchRequest(query=query, **known)
    (found,) = engine.timelines([request], period=period, by=by)
    return found


def statements(series):
    """How many statements of a series are in each of its periods."""
    return [each.statements for each in series.periods]


class Timelines(EngineFixtures):
    @pytest.fixture
    def filled(self, engine):
        publish(engine, *CORPUS)
        return engine

    def test_a_period_says_what_is_found_in_how_much(self, filled):
        """Statements, occurrences, statements searched and their words; 2024 is a gap."""
        found = timeline(filled)
        assert (found.first, found.last) == ("2023", "2025")
        assert found.periods == ("2023", "2025")
        assert found.whole.periods == (Tally(1, 2, 1, 8), Tally(2, 2, 3, 12))
        assert found.whole.undated == Tally(1, 1, 1, 4)
        assert found.whole.imprecise == Tally()
        assert found.whole.total == Tally(4, 5, 5, 24)
        assert found.index == filled.info()

    @pytest.mark.parametrize(
        "period, periods, imprecise",
        [
            (Period.YEAR, {"2023": 1, "2025": 2}, 0),
            (Period.MONTH, {"2023-03": 1, "2025-03": 0, "2025-05": 1}, 1),
            (Period.DAY, {"2023-03-09": 1, "2025-03-01": 0}, 2),
        ],
    )
    def test_no_date_is_more_precise_than_it_is(
        self, filled, period, periods, imprecise
    ):
        """2025 alone is in no month and May 2025 on no day; both are counted apart."""
        found = timeline(filled, period=period)
        assert dict(zip(found.periods, statements(found.whole), strict=True)) == periods
        assert found.whole.imprecise.statements == imprecise
        assert found.whole.undated.statements == 1

    def test_what_is_not_said_is_zero_where_something_was_searched(self, filled):
        """A period without a hit is 0 of what was searched; only one without statements is a gap."""
        found = timeline(filled, quoted("no such words"))
        assert found.periods == ("2023", "2025")
        assert [each[:3] for each in found.whole.periods] == [(0, 0, 1), (0, 0, 3)]

    def test_dates_and_filters_narrow_what_is_searched_too(self, filled):
        """A source that was silent before 2025 is so from the corpus's first period on."""
        found = timeline(filled, filters={"source": ("mofa-jp",)})
        assert (found.first, found.last, found.periods) == ("2023", "2025", ("2025",))
        assert found.whole.total == Tally(2, 2, 2, 8)
        within = {"dates": DateRange(DAY(2024, 1, 1), DAY(2025, 12, 31))}
        found = timeline(filled, period=Period.MONTH, **within)
        assert (found.first, found.last) == ("2025-03", "2025-05")
        assert found.whole.imprecise == Tally(1, 1, 1, 4)
        assert found.whole.undated == Tally()

    def test_dates_and_fields_of_the_query_narrow_like_those_of_the_request(
        self, filled
    ):
        """What the query itself is limited to is what it was searched in."""
        year = Dates(DateRange(DAY(2025, 1, 1), DAY(2025, 12, 31)))
        found = timeline(filled, And((MIRROR, year)))
        assert (found.first, found.periods) == ("2025", ("2025",))
        assert found.whole.total == Tally(2, 2, 3, 12)
        source = Field("source", Phrase(("xinhua",)))
        assert timeline(filled, And((MIRROR, source))).whole.total == Tally(1, 2, 2, 12)

    def test_everything_is_found_and_has_no_occurrences(self, filled):
        """Without words the result is all that was searched."""
        found = timeline(filled, EVERYTHING)
        assert found.whole.total == Tally(5, 0, 5, 24)

    def test_parts_by_source_and_the_rest_add_up(self, filled):
        """Those with most statements found come first; each has its own corpus beside it."""
        found = timeline(filled, by="source")
        assert [(part.name, part.total) for part in found.parts] == [
            ("mofa-jp", Tally(2, 2, 2, 8)),
            ("xinhua", Tally(1, 2, 2, 12)),
            ("kantei", Tally(1, 1, 1, 4)),
        ]
        assert found.parts[0].periods == (Tally(), Tally(2, 2, 2, 8))
        assert found.rest.total == Tally()

    def test_a_statement_counts_for_each_of_its_countries(self, filled):
        """One of China and Japan is in both series, and one of neither in the rest."""
        found = timeline(filled, by="country")
        assert [(part.name, part.total.statements) for part in found.parts] == [
            ("China", 2),
            ("Japan", 2),
        ]
        assert found.rest.total == Tally(1, 1, 2, 8)

    def test_a_timeline_has_few_parts(self, engine):
        """Beyond the most frequent values all are the rest; what is said by none comes last."""
        publish(
            engine,
            *(said(f"a{n}", "peace", source=f"s{n}") for n in range(MOST + 2)),
            said("z", "war", source="never"),
            said("y", "peace", source="s6"),
        )
        found = timeline(engine, Term("peace"), by="source")
        assert [part.name for part in found.parts] == ["s6", "s0", "s1", "s2", "s3"]
        assert found.rest.total == Tally(2, 2, 3, 3)

    def test_several_searches_are_answered_together(self, filled):
        """Each as it would be alone, in the order they were asked."""
        requests = [SearchRequest(query=MIRROR), SearchRequest(query=Term("hall"))]
        together = filled.timelines(requests, period=Period.MONTH)
        assert [each.whole.total.statements for each in together] == [4, 2]
        assert together[0] == timeline(filled, period=Period.MONTH)

    def test_a_beginning_of_very_many_words(self, engine):
        """Each word that begins so is one occurrence, however many there are."""
        words = [f"abc{number:03}" for number in range(200)]
        publish(
            engine,
            said("a", " ".join(words), date=DAY(2025, 1, 1)),
            said("b", "abc007 and abc007", date=DAY(2025, 1, 2)),
        )
        found = timeline(engine, Prefix("abc"), Period.DAY)
        assert found.whole.periods == (Tally(1, 200, 1, 200), Tally(1, 2, 1, 3))

    def test_a_corpus_without_dates_has_no_periods(self, engine):
        """There is nothing to draw, and nothing lost."""
        publish(engine, said("a", "one mirror"))
        found = timeline(engine)
        assert (found.first, found.last, found.periods) == ("", "", ())
        assert found.whole.undated == found.whole.total == Tally(1, 1, 1, 2)
