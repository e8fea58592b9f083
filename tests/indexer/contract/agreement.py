"""The engine agrees with a naive scan of the texts, whatever is written and asked."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.concordance import LineSort
from indexer.errors import IndexMissing
from indexer.periods import Period
from indexer.search import SearchRequest, Sort
from indexer.timeline import BY
from tests.indexer.contract.fixtures import EngineFixtures, said
from tests.indexer.contract.marks import assert_shows
from tests.indexer.contract.order import by_score
from tests.oracle import NaiveEngine
from tests.strategies import (
    CORPORA,
    CROWDED_QUERIES,
    CROWDED_TEXTS,
    QUERIES,
    REQUESTS,
    Session,
)


class Failure(Exception):
    """What ends a session that is to publish nothing."""


def write(engine, session):
    """Live through one writer's session."""
    try:
        with engine.writer(fresh=session.fresh) as writer:
            for number, change in enumerate(session.changes):
                if isinstance(change, str):
                    writer.remove(change)
                else:
                    writer.put(change, f"digest {number}")
            if session.fails:
                raise Failure
    except Failure:
        pass


def built(engine, corpus):
    """The engine, with the corpus's sessions written."""
    for session in corpus:
        write(engine, session)
    return engine


def assert_same_statements(engine, naive):
    """Both hold the same statements, word for word."""
    ids = sorted(naive.ids())
    assert sorted(engine.ids()) == ids
    assert engine.info().statements == naive.info().statements
    for statement_id, _ in ids:
        assert engine.get(statement_id) == naive.get(statement_id)


def assert_same_answer(engine, naive, request):
    """Both answer the same, but for the scores and the choice of snippets."""
    expected, results = naive.search(request), engine.search(request)
    assert results.total == expected.total
    assert results.statements == expected.statements
    assert results.facets == expected.facets
    assert results.uses == expected.uses
    assert engine.tokens(request) == naive.tokens(request)
    wanted = {hit.statement.id: hit for hit in expected.hits}
    assert len(results.hits) == len(wanted)
    if request.sort is Sort.RELEVANCE:
        assert list(results.hits) == sorted(results.hits, key=by_score)
    else:
        assert [hit.statement.id for hit in results.hits] == list(wanted)
    for hit in results.hits:
        assert replace(hit, score=0.0, snippets=()) == replace(
            wanted[hit.statement.id], score=0.0, snippets=()
        )
        whole = naive.matches(request.query, hit.statement.id).text
        assert_shows(hit.snippets, whole, request.snippets)


def assert_all_hits(engine, request):
    """Streamed, the hits are those of one page that holds all, with the texts of their statements."""
    whole = engine.search(replace(request, offset=0, limit=10_000))
    streamed = engine.hits(request)
    assert (streamed.total, streamed.index) == (whole.total, whole.index)
    hits = tuple(streamed.hits)
    assert [each.statement for each in hits] == [
        engine.get(each.statement.id) for each in whole.hits
    ]
    assert whole.hits == tuple(
        replace(each, statement=replace(each.statement, text="")) for each in hits
    )


def assert_same_timelines(engine, naive, requests, period, by):
    """Both count the same by period; only the builds of their indexes differ."""
    asked = {"period": period, "by": by}
    for ours, expected in zip(
        engine.timelines(requests, **asked),
        naive.timelines(requests, **asked),
        strict=True,
    ):
        assert ours.index == engine.info()
        assert replace(ours, index=expected.index) == expected


def assert_same_lines(engine, naive, request, sort):
    """Both line up the same occurrences, as many as the hits have, and pages are parts of it."""
    expected = naive.concordance(request, sort=sort)
    lines = list(expected.lines)
    found = engine.concordance(request, sort=sort)
    assert list(found.lines) == lines
    counts = [hit.occurrences for hit in engine.hits(request).hits if hit.occurrences]
    assert found.total == expected.total == len(lines) == sum(counts)
    assert found.statements == expected.statements == len(counts)
    third = len(lines) // 3
    for offset, limit in ((0, 2), (third, third + 1), (len(lines), 1)):
        page = engine.concordance(request, sort=sort, offset=offset, limit=limit)
        assert list(page.lines) == lines[offset : offset + limit]
        assert page.total == len(lines)


# One test for many engines: hypothesis cannot tell a method's classes apart.
many = settings(
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)


class Agreement(EngineFixtures):
    @many
    @given(
        CORPORA,
        st.lists(REQUESTS, min_size=1, max_size=5),
        st.lists(QUERIES, max_size=2),
        st.sampled_from(Period),
        st.sampled_from((None, *BY)),
        st.sampled_from(LineSort),
    )
    def test_any_query_on_any_corpus_is_answered_as_by_a_scan(
        self, corpus, requests, queries, period, by, sort
    ):
        """Hits, totals, facets, order, marks, periods and lines are the naive engine's."""
        with self.both(corpus) as (engine, naive):
            if all(session.fails for session in corpus):
                with pytest.raises(IndexMissing):
                    engine.info()
                return
            assert_same_statements(engine, naive)
            for request in requests:
                assert_same_answer(engine, naive, request)
                assert_all_hits(engine, request)
                assert_same_lines(engine, naive, request, sort)
            assert_same_timelines(engine, naive, requests, period, by)
            for query in queries:
                for statement_id, _ in naive.ids():
                    marked = engine.matches(query, statement_id)
                    assert marked == naive.matches(query, statement_id)
            assert engine.verify() == []

    @many
    @given(
        CROWDED_TEXTS,
        st.lists(CROWDED_QUERIES, min_size=1, max_size=8),
        st.sampled_from(LineSort),
    )
    def test_phrases_and_near_in_crowded_texts(self, texts, queries, sort):
        """Where few words follow each other in many orders every occurrence is the scan's."""
        statements = [said(f"s{number}", text) for number, text in enumerate(texts)]
        half = len(statements) // 2
        sessions = [Session(statements[:half]), Session(statements[half:])]
        with self.both(sessions) as (engine, naive):
            for query in queries:
                request = SearchRequest(query=query, uses=True)
                assert_same_answer(engine, naive, request)
                assert_same_lines(engine, naive, request, sort)

    @contextmanager
    def both(self, corpus):
        """An engine and the naive one, with the same sessions written."""
        with tempfile.TemporaryDirectory() as folder:
            engine = self.make(Path(folder) / "index")
            try:
                yield built(engine, corpus), built(NaiveEngine(), corpus)
            finally:
                engine.close()
