"""The order of hits."""

from __future__ import annotations

import datetime

import pytest

from indexer.query import EVERYTHING, Term
from indexer.search import SearchRequest, Sort
from tests.indexer.contract.fixtures import EngineFixtures, ask, found, publish, said

CORPUS = (
    said("e", "peace and war", date=datetime.date(2025, 7, 1)),
    said("z", "peace"),
    said("d", "peace", date=datetime.date(2025, 7, 1), date_precision="month"),
    said("s10", "peace peace war", date=datetime.date(2025, 7, 10)),
    said("s9", "peace", date=datetime.date(2025, 7, 10)),
    said("old", "peace, peace, peace", date=datetime.date(1972, 9, 29)),
    said("y", "peace of peace", title="Peace"),
)
NEWEST = ["s10", "s9", "d", "e", "old", "y", "z"]
OLDEST = ["old", "d", "e", "s10", "s9", "y", "z"]


def by_score(hit):
    """The order of relevance: score, the newest first, id; undated last."""
    date = hit.statement.date
    return -hit.score, date is None, -date.toordinal() if date else 0, hit.statement.id


class Order(EngineFixtures):
    @pytest.fixture
    def dated(self, engine):
        """The corpus, in two sessions."""
        publish(engine, *CORPUS[:3])
        publish(engine, *CORPUS[3:])
        return engine

    def test_newest_and_oldest_first(self, dated):
        """By date, equal dates by id, the undated last in both orders."""
        for query in (EVERYTHING, Term("peace")):
            assert found(dated, query, sort=Sort.NEWEST) == NEWEST
            assert found(dated, query, sort=Sort.OLDEST) == OLDEST

    def test_relevance_falls_and_ties_go_by_date_and_id(self, dated):
        """The best score first; of equal scores the newest, then by id."""
        hits = ask(dated, Term("peace"), sort=Sort.RELEVANCE).hits
        assert all(isinstance(hit.score, float) for hit in hits)
        assert list(hits) == sorted(hits, key=by_score)
        assert {hit.statement.id for hit in hits} == set(NEWEST)

    def test_everything_is_equally_relevant(self, dated):
        """Where nothing was asked for, relevance is the newest first."""
        assert found(dated, EVERYTHING, sort=Sort.RELEVANCE) == NEWEST

    def test_all_hits_are_streamed_in_order(self, engine):
        """However many there are, none is cut or repeated, whatever offset and limit say."""
        publish(engine, *(said(f"{number:04}", "peace") for number in range(700)))
        streamed = engine.hits(SearchRequest(query=Term("peace"), offset=3, limit=2))
        ids = [hit.statement.id for hit in streamed.hits]
        assert ids == [f"{number:04}" for number in range(700)]
        assert streamed.total == 700

    def test_all_hits_are_of_one_generation(self, engine):
        """What is published while they are read is not among them, and takes none away."""
        publish(engine, *(said(f"{number:04}", "peace") for number in range(700)))
        streamed = engine.hits(SearchRequest(query=Term("peace")))
        first = next(streamed.hits).statement.id
        with engine.writer(fresh=True) as writer:
            writer.put(said("new", "peace"))
        assert found(engine, Term("peace")) == ["new"]
        rest = [hit.statement.id for hit in streamed.hits]
        assert [first, *rest] == [f"{number:04}" for number in range(700)]
        assert streamed.index.generation == 1

    @pytest.mark.parametrize("sort", Sort)
    def test_pages_follow_each_other(self, dated, sort):
        """Pages one after the other are the whole result, each hit once, in its order."""
        whole = ask(dated, Term("peace"), sort=sort).hits
        paged = [
            hit
            for offset in range(0, 8, 2)
            for hit in ask(dated, Term("peace"), sort=sort, offset=offset, limit=2).hits
        ]
        assert tuple(paged) == whole
