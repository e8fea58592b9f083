"""Every occurrence on a line: which, in what order, and with what around it."""

from __future__ import annotations

import datetime

import pytest

from indexer.concordance import CONTEXT, LineSort
from indexer.query import And, Field, Phrase, Term
from indexer.search import SearchRequest
from tests.indexer.contract.fixtures import EngineFixtures, publish, quoted, said

MUTUAL = (
    said("a", "The two sides seek mutual benefit.", source="mofa"),
    said(
        "b",
        "Mutual benefit and mutual trust.\n\nMutual",
        date=datetime.date(2024, 5, 1),
        source="xinhua",
    ),
    said("c", "On mutual accommodation, Änd so on.", date=datetime.date(2025, 5, 1)),
    said(
        "d",
        "They spoke of mutual benefit again.",
        title="Mutual respect",
        date=datetime.date(2024, 5, 1),
        source="mofa",
    ),
)


class Lines(EngineFixtures):
    @pytest.fixture
    def mutual(self, engine):
        """Seven occurrences of "mutual" in four statements, in two sessions."""
        publish(engine, *MUTUAL[:2])
        publish(engine, *MUTUAL[2:])
        return engine

    @pytest.mark.parametrize(
        "sort, order",
        [
            (LineSort.RIGHT1, "b3 c1 a1 d2 b1 d1 b2"),
            (LineSort.RIGHT2, "b3 d1 a1 d2 b1 c1 b2"),
            (LineSort.RIGHT3, "b2 b3 d1 d2 a1 b1 c1"),
            (LineSort.LEFT1, "b1 d1 b2 d2 c1 a1 b3"),
            (LineSort.LEFT2, "c1 b1 d1 b2 b3 a1 d2"),
            (LineSort.LEFT3, "c1 b1 d1 b3 b2 d2 a1"),
            (LineSort.NEWEST, "c1 b1 b2 b3 d1 d2 a1"),
            (LineSort.OLDEST, "b1 b2 b3 d1 d2 c1 a1"),
            (LineSort.SOURCE, "c1 d1 d2 a1 b1 b2 b3"),
        ],
    )
    def test_lines_are_in_the_order_asked_for(self, mutual, sort, order):
        """By words, each folded and none first, by date or by source; ties by date and id."""
        found = mutual.concordance(SearchRequest(query=Term("mutual")), sort=sort)
        lines = [f"{line.statement.id}{line.number}" for line in found.lines]
        assert (found.total, found.statements) == (7, 4)
        assert lines == order.split()

    def test_a_line_is_the_original(self, mutual):
        """Left, match and right are as they were written, and one after the other."""
        found = mutual.concordance(SearchRequest(query=Phrase(("mutual", "trust"))))
        (line,) = found.lines
        assert line.left == "Mutual benefit and "
        assert line.match == "mutual trust"
        assert line.right == ".\n\nMutual"
        assert line.opens and line.closes
        assert line.statement == said(
            "b", "", date=datetime.date(2024, 5, 1), source="xinhua"
        )

    def test_title_and_text_are_lines_of_their_own(self, mutual):
        """What surrounds an occurrence never comes from the other, nor from another statement."""
        request = SearchRequest(query=And((Term("mutual"), Term("respect"))))
        found = mutual.concordance(request, sort=LineSort.NEWEST)
        assert [
            (line.number, line.in_title, line.left, line.match, line.right)
            for line in found.lines
        ] == [
            (1, True, "", "Mutual", " respect"),
            (2, True, "Mutual ", "respect", ""),
            (3, False, "They spoke of ", "mutual", " benefit again."),
        ]
        only = SearchRequest(query=Field("title", Term("mutual")))
        assert [line.in_title for line in mutual.concordance(only).lines] == [True]

    def test_numbers_are_those_of_the_marks(self, engine):
        """Occurrences that overlap are one match of the statement, and lines of their own."""
        publish(engine, said("x", "peace and peace and peace. peace", title="peace"))
        query = Phrase(("peace", "and", "peace"))
        found = engine.concordance(SearchRequest(query=query))
        assert [(line.number, line.left) for line in found.lines] == [
            (1, ""),
            (1, "peace and "),
        ]
        found = engine.concordance(
            SearchRequest(query=And((query, Term("peace")))), sort=LineSort.NEWEST
        )
        assert [line.number for line in found.lines] == [1, 2, 2, 2, 2, 2, 3]
        publish(engine, said("y", "和和平"))
        found = engine.concordance(SearchRequest(query=quoted("和")))
        assert [line.number for line in found.lines] == [1, 2]

    def test_context_is_cut_between_words(self, engine):
        """A side has so many characters at most, and says whether it is cut."""
        text = f"{'bilateral ' * 30}peace{' consensus' * 30}"
        publish(engine, said("x", text), said("y", f"{'z' * 150} peace {'z' * 150}"))
        cut, long = engine.concordance(SearchRequest(query=Term("peace"))).lines
        assert (cut.left, cut.right) == (
            "bilateral " * (CONTEXT // 10),
            " consensus" * (CONTEXT // 10),
        )
        assert (long.left, long.right) == ("", "")
        assert not (cut.opens or cut.closes or long.opens or long.closes)

    def test_han_is_sorted_by_the_character(self, engine):
        """Each character is a word, in the order of code points."""
        publish(
            engine,
            said("a", "中日四个政治文件是基础"),
            said("b", "遵守四个政治文件。"),
            said("c", "四个政治文件一"),
        )
        request = SearchRequest(query=quoted("四 个 政 治 文 件"))
        for sort, order in ((LineSort.RIGHT1, "bca"), (LineSort.LEFT1, "cba")):
            lines = engine.concordance(request, sort=sort).lines
            assert "".join(line.statement.id for line in lines) == order

    def test_ties_of_context_go_by_date_and_id(self, engine):
        """Whatever segment they are in: the newest first, undated last, of one day by id."""
        day = datetime.date(2025, 7, 1)
        ids = ["m", "c", "x", "a", "q"]
        for statement_id in ids:
            publish(engine, said(statement_id, "lasting peace now", date=day))
        publish(engine, said("0", "lasting peace now"))
        publish(engine, said("z", "lasting peace now", date=datetime.date(2026, 1, 1)))
        for sort in (LineSort.RIGHT2, LineSort.LEFT1, LineSort.SOURCE):
            found = engine.concordance(SearchRequest(query=Term("peace")), sort=sort)
            assert "".join(line.statement.id for line in found.lines) == "zacmqx0"

    def test_the_whole_result_is_lined_up(self, engine):
        """Filters and dates hold; what the request says of pages does not."""
        days = [datetime.date(2025, 1, 1) + datetime.timedelta(n) for n in range(700)]
        publish(engine, *(said(str(day), "peace", date=day) for day in days))
        year = SearchRequest(
            query=Term("peace"), filters={"year": ("2025",)}, offset=5, limit=3
        )
        found = engine.concordance(year, sort=LineSort.OLDEST)
        dates = [line.statement.date for line in found.lines]
        assert dates == days[:365]
        assert found.total == found.statements == 365
        page = engine.concordance(year, sort=LineSort.OLDEST, offset=300, limit=100)
        assert [line.statement.date for line in page.lines] == days[300:365]

    def test_where_nothing_occurs_there_is_no_line(self, mutual):
        """No word found, or none asked for, is a concordance of nothing; so is a page too far."""
        for request in (
            SearchRequest(query=Term("war")),
            SearchRequest(),
            SearchRequest(query=Field("source", quoted("xinhua"))),
        ):
            for sort in LineSort:
                found = mutual.concordance(request, sort=sort)
                assert (found.total, found.statements) == (0, 0)
                assert list(found.lines) == []
        beyond = mutual.concordance(SearchRequest(query=Term("mutual")), offset=7)
        assert (beyond.total, list(beyond.lines)) == (7, [])

    def test_all_lines_are_of_one_generation(self, engine):
        """What is published while they are read changes nothing."""
        publish(engine, *(said(f"{number:04}", "peace") for number in range(700)))
        found = engine.concordance(SearchRequest(query=Term("peace")))
        first = next(found.lines).statement.id
        with engine.writer(fresh=True) as writer:
            writer.put(said("new", "peace"))
        rest = [line.statement.id for line in found.lines]
        assert [first, *rest] == [f"{number:04}" for number in range(700)]
