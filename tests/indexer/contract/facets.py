"""Totals, facets and filters: exact for the whole result, whatever the page shows."""

from __future__ import annotations

import datetime

import pytest

from indexer.dates import DateRange
from indexer.query import Term
from indexer.search import FACETS, SearchRequest
from tests.indexer.contract.fixtures import (
    EngineFixtures,
    ask,
    counts,
    found,
    publish,
    said,
)

CORPUS = (
    said(
        "a",
        "peace",
        date=datetime.date(2024, 12, 31),
        source="xinhua",
        kind="readout",
        language="en",
        countries=("China", "Japan"),
    ),
    said(
        "b",
        "peace",
        date=datetime.date(2025, 7, 10),
        source="xinhua",
        kind="remarks",
        language="zh",
        countries=("China",),
        speakers=("Wang Yi",),
    ),
    said(
        "c",
        "peace",
        date=datetime.date(2025, 7, 1),
        date_precision="month",
        source="mofa-jp",
        kind="readout",
        language="en",
        countries=("Japan", "Japan"),
        place="Tokyo",
    ),
    said(
        "d",
        "peace",
        date=datetime.date(2025, 1, 1),
        date_precision="year",
        source="xinhua",
        kind="readout",
        countries=("South Korea",),
    ),
    said("e", "peace", source="MOFA-JP", kind="readout"),
    said("f", "trade", date=datetime.date(2025, 10, 31), source="xinhua"),
)


class Facets(EngineFixtures):
    @pytest.fixture
    def counted(self, engine):
        """The corpus, in two sessions."""
        publish(engine, *CORPUS[:3])
        publish(engine, *CORPUS[3:])
        return engine

    def test_facets_count_the_whole_result(self, counted):
        """Counts fall, equal ones in the values' order; times rise, undated last; no empty ones."""
        results = ask(counted, Term("peace"))
        assert results.total == 5
        assert {name: counts(results, name) for name in FACETS} == {
            "year": [("2024", 1), ("2025", 3), ("undated", 1)],
            "month": [("2024-12", 1), ("2025-07", 2)],
            "source": [("xinhua", 3), ("MOFA-JP", 1), ("mofa-jp", 1)],
            "kind": [("readout", 4), ("remarks", 1)],
            "language": [("en", 2), ("zh", 1)],
            "country": [("China", 2), ("Japan", 2), ("South Korea", 1)],
            "speaker": [("Wang Yi", 1)],
            "place": [("Tokyo", 1)],
        }

    def test_only_the_facets_asked_for_come(self, counted):
        """No facet is computed that nobody wants."""
        assert set(ask(counted, facets=("kind",)).facets) == {"kind"}
        assert ask(counted, facets=()).facets == {}

    @pytest.mark.parametrize(
        "offset, limit", [(0, 0), (0, 1), (2, 2), (5, 3), (99, 10)]
    )
    def test_the_page_changes_neither_totals_nor_facets(self, counted, offset, limit):
        """Offset and limit cut hits and nothing else; a page past the end is empty."""
        whole = ask(counted, Term("peace"))
        page = ask(counted, Term("peace"), offset=offset, limit=limit)
        assert page.total == whole.total
        assert page.facets == whole.facets
        assert page.hits == whole.hits[offset : offset + limit]

    @pytest.mark.parametrize(
        "filters, hits",
        [
            ({"source": ("xinhua",)}, "abd"),
            ({"source": ("mofa-jp",)}, "c"),
            ({"source": ("mofa-jp", "MOFA-JP")}, "ce"),
            ({"source": ("mofa",)}, ""),
            ({"country": ("Japan",)}, "ac"),
            ({"country": ("Korea",)}, ""),
            ({"country": ("Japan", "China")}, "abc"),
            ({"year": ("2025",)}, "bcd"),
            ({"year": ("undated", "2024")}, "ae"),
            ({"month": ("2025-07",)}, "bc"),
            ({"month": ("2025-01",)}, ""),
            ({"kind": ("readout",), "year": ("2025",)}, "cd"),
            ({"speaker": ("Wang Yi",), "language": ("zh",)}, "b"),
            ({"place": ("Tokyo",)}, "c"),
        ],
        ids=str,
    )
    def test_filters_are_whole_values(self, counted, filters, hits):
        """A statement passes with one of the values of each filter, letter for letter."""
        results = ask(counted, Term("peace"), filters=filters)
        assert sorted(hit.statement.id for hit in results.hits) == list(hits)
        assert results.total == len(hits)

    def test_a_facet_ignores_its_own_filter(self, counted):
        """Choosing a value leaves its facet's other values to choose; other facets narrow."""
        results = ask(counted, Term("peace"), filters={"kind": ("remarks",)})
        assert results.total == 1
        assert counts(results, "kind") == [("readout", 4), ("remarks", 1)]
        assert counts(results, "source") == [("xinhua", 1)]
        results = ask(
            counted,
            Term("peace"),
            filters={"kind": ("readout",), "source": ("xinhua",)},
        )
        assert counts(results, "kind") == [("readout", 2), ("remarks", 1)]
        assert counts(results, "source") == [
            ("xinhua", 2),
            ("MOFA-JP", 1),
            ("mofa-jp", 1),
        ]
        assert counts(results, "language") == [("en", 1)]

    def test_years_ignore_the_month_too(self, counted):
        """In a month all years can still be chosen; the months are those of the year."""
        filters = {"year": ("2025",), "month": ("2025-07",)}
        results = ask(counted, Term("peace"), filters=filters)
        assert results.total == 2
        assert counts(results, "year") == [("2024", 1), ("2025", 3), ("undated", 1)]
        assert counts(results, "month") == [("2025-07", 2)]

    def test_dates_narrow_every_facet(self, counted):
        """The request's dates are no facet's filter: years outside of them are not counted."""
        dates = DateRange(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
        results = ask(
            counted, Term("peace"), dates=dates, filters={"kind": ("remarks",)}
        )
        assert results.total == 1
        assert counts(results, "kind") == [("readout", 2), ("remarks", 1)]
        results = ask(counted, dates=dates)
        assert counts(results, "year") == [("2025", 4)]

    def test_facets_follow_updates_and_removals(self, counted):
        """What was replaced or removed is counted no more."""
        with counted.writer() as writer:
            writer.put(said("a", "peace", source="state"))
            writer.remove("c")
        results = ask(counted, Term("peace"))
        assert results.total == 4
        assert counts(results, "source") == [
            ("xinhua", 2),
            ("MOFA-JP", 1),
            ("state", 1),
        ]
        assert counts(results, "place") == []
        assert found(counted, filters={"place": ("Tokyo",)}) == []

    def test_facets_are_counted_in_tokens_as_well(self, counted):
        """Text and headline, not a caption as title; own filters are ignored as in counts."""
        dinner = said(
            "g",
            "They dined in Tokyo.",
            title="A dinner",
            date=datetime.date(2025, 7, 2),
            source="xinhua",
            countries=("China", "Japan"),
        )
        photo = said("h", "They met.", title="A photo.", captions=("A photo.",))
        publish(counted, dinner, photo)
        request = SearchRequest(
            filters={"year": ("2025",)}, facets=("year", "month", "source", "country")
        )
        assert counted.tokens(request) == {
            "year": {"2024": 1, "2025": 10, "undated": 3},
            "month": {"2025-07": 8, "2025-10": 1},
            "source": {"xinhua": 9, "mofa-jp": 1},
            "country": {"China": 7, "Japan": 7, "South Korea": 1},
        }
        everything = counted.tokens(SearchRequest(facets=("year",)))["year"]
        assert sum(everything.values()) == counted.info().tokens

    def test_no_year_but_undated_means_undated(self, counted):
        """What is no year, or no month, is in no statement; "undated" alone is the undated."""
        for name, value in [("year", "0000"), ("year", "25"), ("month", "2025-13")]:
            assert found(counted, filters={name: (value,)}) == []
        assert len(found(counted, filters={"year": ("undated",)})) == 1

    def test_a_page_of_nothing_still_counts(self, counted):
        """A limit of 0 asks for totals and facets alone."""
        results = ask(counted, Term("peace"), limit=0)
        assert results.hits == () and results.total > 0
