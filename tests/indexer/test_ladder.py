"""Where nothing is found, the looser searches say what they would find, and are right."""

from __future__ import annotations

import datetime

import pytest

from indexer.dates import parse_range
from indexer.engines import open_engine
from indexer.ladder import ladder
from indexer.query import parse_query
from indexer.search import SearchRequest
from indexer.statement import Statement
from tests.oracle import NaiveEngine

STATEMENTS = (
    ("a", "The four political document stands.", 2024),
    ("b", "Political: four of the documents.", 2024),
    ("c", "Documents " + "of peace " * 60 + "by four political men.", 2024),
    ("d", "Political men.\n\nFour of them sign documents.", 2024),
    ("e", "Takaichi met Takaichi, and takeichi.", 2025),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = open_engine(tmp_path_factory.mktemp("ladder") / "index")
    write(engine)
    return engine


def write(engine):
    with engine.writer() as writer:
        for name, text, year in STATEMENTS:
            date = datetime.date(year, 5, 1)
            writer.put(
                Statement(id=name, title="", text=text, date=date, source="xinhua")
            )


def climbed(engine, query, **known):
    """Each rung with the canonical text of its query, and what it finds."""
    request = SearchRequest(query=parse_query(query), **known)
    assert not engine.search(request).total
    return [
        (rung.looser, str(rung.request.query), rung.total)
        for rung in ladder(engine, request)
    ]


def test_a_phrase_is_loosened_step_by_step(engine):
    """Other forms, near each other, in one paragraph, and anywhere: each finds as many as it says."""
    assert climbed(engine, '"four political documents"') == [
        (
            "other forms of the words",
            "four ONEAR/1 political ONEAR/1 documents",
            1,
        ),
        (
            "the words within 3 of each other",
            "four NEAR/3 political NEAR/3 documents",
            2,
        ),
        (
            "all of the words in one paragraph",
            "four NEAR/p political NEAR/p documents",
            3,
        ),
        ("all of the words", "four political documents", 4),
    ]


def test_a_word_that_nobody_says_is_spelled_otherwise(engine):
    """The nearest spellings of the corpus, not that of a word it has."""
    assert climbed(engine, '"takiachi met"') == [
        ("did you mean “takaichi”?", '"takaichi met"', 1)
    ]
    assert climbed(engine, "takaiche") == [
        ("did you mean “takaichi”?", "takaichi", 1),
        ("did you mean “takeichi”?", "takeichi", 1),
    ]
    assert climbed(engine, "xyzzyplugh") == []


def test_dates_and_filters_are_let_go(engine):
    """Each by itself, and all of them with those of the query."""
    dates = parse_range("2023")
    assert climbed(engine, "takaichi", dates=dates) == [
        ("of any date", "takaichi", 1),
    ]
    assert climbed(engine, "takaichi", filters={"source": ("mofa",)}) == [
        ("without the filters", "takaichi", 1),
    ]
    assert climbed(engine, "takaichi", dates=dates, filters={"source": ("mofa",)}) == [
        ("in the whole corpus", "takaichi", 1),
    ]
    assert climbed(engine, "takaichi source:mofa -peace") == [
        ("in the whole corpus", "takaichi -peace", 1),
    ]


def test_what_excludes_is_never_loosened(engine):
    """A Not stays as strict as it was."""
    found = climbed(engine, '"document political" -"four political documents"')
    assert [query for _, query, _ in found] == [
        'document NEAR/3 political -"four political documents"',
        'document NEAR/p political -"four political documents"',
        'document political -"four political documents"',
    ]


QUERIES = [
    '"documents of war" source:xinhua date:2025',
    'title:"political document"',
    '(takaiche OR "four politics") -peace',
    '"four men"~2 political',
    '"a b c d e f g"',
    '"documents stands by all men"',
    '"political four of sign documents"~9',
    "polit* takaichi~",
    '"men sign documents"~p',
    '"documents signed by them all, and by four political men"',
    "(polit* NEAR/2 men) NEAR/p takaiche",
    "source:mofa",
    "中华",
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_rung_finds_what_it_says(engine, query):
    """As the naive engine counts it, and as its canonical text is read again."""
    naive = NaiveEngine()
    write(naive)
    for rung in ladder(engine, SearchRequest(query=parse_query(query))):
        again = SearchRequest(query=parse_query(str(rung.request.query)))
        assert again.query == rung.request.query
        assert rung.total == naive.search(again).total > 0
