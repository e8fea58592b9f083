"""On one corpus the cluster, the embedded engine and a naive scan answer the same, whatever is asked."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.concordance import LineSort
from indexer.engines import open_engine
from indexer.periods import Period
from indexer.query import And, Or, Phrase, Term, parse_query
from indexer.search import SearchRequest
from indexer.timeline import BY
from tests.cluster.nodes import Nodes
from tests.indexer.contract.agreement import (
    assert_all_hits,
    assert_same_answer,
    assert_same_lines,
    assert_same_statements,
    assert_same_timelines,
)
from tests.indexer.contract.fixtures import said
from tests.oracle import NaiveEngine
from tests.strategies import (
    COMMON,
    COUNTRIES,
    CROWDED_QUERIES,
    DAYS,
    FORMULATIONS,
    KINDS,
    LANGUAGES,
    PLACES,
    QUERIES,
    REQUESTS,
    SOURCES,
    SPEAKERS,
    WORDS,
)

#: More than where each example is a corpus of its own.
EXAMPLES = 4 * settings.default.max_examples

many = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def corpus(size, seed):
    """Statements of formulations, single words and letters, some of them copies of others."""
    chance = random.Random(seed)
    made = []
    for number in range(size):
        date = chance.choice((None, *DAYS))
        precision = chance.choice(("day", "day", "month", "year")) if date else "day"
        if precision != "day":
            date = date.replace(day=1, month=1 if precision == "year" else date.month)
        if made and chance.random() < 0.3:
            text = chance.choice(made).text
        else:
            kinds = (FORMULATIONS, COMMON, WORDS, tuple("aabbcd"))
            pieces = [
                chance.choice(chance.choice(kinds)) for _ in range(chance.randrange(40))
            ]
            text = "".join(
                f"{each}{chance.choice('   ,.')} " for each in pieces
            ).strip()
        made.append(
            said(
                f"xinhua/{number}",
                text,
                title=chance.choice((*FORMULATIONS, *WORDS, "")),
                date=date,
                date_precision=precision,
                source=chance.choice(SOURCES),
                kind=chance.choice(KINDS),
                language=chance.choice(LANGUAGES),
                place=chance.choice(PLACES),
                countries=tuple(chance.sample(COUNTRIES, chance.randrange(4))),
                speakers=tuple(chance.sample(SPEAKERS, chance.randrange(3))),
            )
        )
    return made


@pytest.fixture(scope="module")
def engines(tmp_path_factory, nodes: Nodes):
    """The same three sessions written to a cluster of three pieces, to a folder and to a list."""
    path = tmp_path_factory.mktemp("agreement")
    made = [
        open_engine(nodes.location("agreement", "?shards=3&replicas=1")),
        open_engine(path / "index"),
        NaiveEngine(),
    ]
    statements = corpus(40, 7)
    for engine in made:
        for part in (statements[:20], statements[15:], statements[:3]):
            with engine.writer() as writer:
                for statement in part:
                    writer.put(statement, statement.title)
                writer.remove("xinhua/5")
    yield made
    for engine in made:
        engine.close()
    nodes.ask(1, "/agreement-*", "DELETE")


def test_all_hold_the_same(engines):
    """Statements, digests, size and fingerprint: a corpus is the same wherever it is kept."""
    cluster, folder, naive = engines
    assert_same_statements(cluster, naive)
    assert cluster.verify() == []
    ours, theirs = cluster.info(), folder.info()
    assert (ours.tokens, ours.fingerprint) == (theirs.tokens, theirs.fingerprint)


@many
@given(REQUESTS, st.sampled_from(LineSort), QUERIES)
def test_any_request_is_answered_alike(engines, request, sort, query):
    """Hits, order, totals, facets, first and last use, marks and lines; pages too."""
    cluster, folder, naive = engines
    assert_same_answer(cluster, naive, request)
    assert_all_hits(cluster, replace(request, fold=False))
    assert_same_lines(cluster, naive, request, sort)
    ours, theirs = cluster.search(request), folder.search(request)
    assert (ours.total, ours.facets) == (theirs.total, theirs.facets)
    assert {hit.statement.id: hit.snippets for hit in ours.hits} == {
        hit.statement.id: hit.snippets for hit in theirs.hits
    }
    for number in range(0, 40, 15):
        marked = cluster.matches(query, f"xinhua/{number}")
        assert marked == naive.matches(query, f"xinhua/{number}")


@many
@given(
    st.lists(REQUESTS, min_size=1, max_size=2),
    st.sampled_from(Period),
    st.sampled_from((None, *BY)),
)
def test_any_search_is_counted_alike_over_time(engines, requests, period, by):
    """Periods, occurrences, words, parts and the rest."""
    cluster, _, naive = engines
    assert_same_timelines(cluster, naive, requests, period, by)


@many
@given(CROWDED_QUERIES)
def test_near_is_near_whoever_counts(engines, query):
    """Where few words follow each other in many orders: those the cluster counts, and the rest."""
    cluster, _, naive = engines
    assert_same_answer(cluster, naive, SearchRequest(query=query, uses=True, limit=100))


RANKED = (
    *("mirror", "history mirror", "documents -mirror", "of OR tokyo", '"as a mirror"'),
    *("a NEAR/3 of", "b NEAR/4 c", "docu*", "mirr* OR takaichi~", "takaichi~ OR a"),
    *(
        "title:history OR text:of",
        "source:xinhua the",
        "date:2025 history",
        "中 OR 文件",
    ),
)


def test_the_best_hits_are_the_same(engines):
    """Of ten hits eight and more agree on average: those of words, phrases, beginnings, NEAR."""
    cluster, folder, _ = engines
    shares = []
    for text in RANKED:
        request = SearchRequest(query=parse_query(text), limit=10, snippets=0)
        ours, theirs = (
            {hit.statement.id for hit in engine.search(request).hits}
            for engine in (cluster, folder)
        )
        assert len(ours) == len(theirs), text
        shares.append(10 * len(ours & theirs) / max(1, len(theirs)))
    assert sum(shares) / len(shares) >= 8, dict(zip(RANKED, shares, strict=True))


@pytest.mark.parametrize(
    "query",
    [
        Term("mirror"),
        Term("document"),
        Phrase(("four", "political")),
        And((Term("history"), Term("japan"))),
        Or((Term("tokyo"), Term("communique"), Phrase(("a", "mirror")))),
    ],
    ids=str,
)
def test_words_and_phrases_score_alike(engines, query):
    """The scores are the embedded engine's to a millionth, so the order is the same one."""
    cluster, folder, _ = engines
    request = SearchRequest(query=query, limit=200)
    ours, theirs = (engine.search(request).hits for engine in (cluster, folder))
    scores = {hit.statement.id: hit.score for hit in theirs}
    assert len(ours) == len(theirs) > 5
    for hit in ours:
        assert hit.score == pytest.approx(scores[hit.statement.id], rel=1e-5)
    for one, other in pairwise(theirs):
        if one.score - other.score > 1e-4:
            order = [hit.statement.id for hit in ours]
            assert order.index(one.statement.id) < order.index(other.statement.id)
