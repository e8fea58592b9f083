"""What is typed is completed to what can be searched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.engines import open_engine
from indexer.query import parse_query
from indexer.query.unfinished import Unfinished, unfinished
from indexer.suggestions import Kind, suggestions
from tests.indexer.contract.fixtures import publish, said

SOURCES = ("mofa-jp", "mfa", "Foreign Office", "x")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """japan 3 times, japanese and jam once; political, polar, source, title."""
    engine = open_engine(tmp_path_factory.mktemp("suggestions") / "index")
    publish(
        engine,
        said("a", "Japan and JAPAN, Japanese jam; four political documents, 中国"),
        said("b", "one-China: Japan, a polar source of mofa titles"),
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "words"),
    {
        "ja": ["japan", "jam", "japanese"],
        "JAPAN": ["japanese"],
        "four pol": ["four polar", "four political"],
        '"four pol': ['"four polar"', '"four political"'],
        "“four poli": ['“four political"'],
        "peace -poli": ["peace -political"],
        "(peace OR poli": ["(peace OR political)"],
        "title:poli": ["title:political"],
        'text:"four poli': ['text:"four political"'],
        "one-Chi": ["one-china"],
        "speaker:ja": [],
        'speaker:"ja': [],
        "date:20": [],
        "japan ": [],
        "": [],
        "中": [],
        "docum*": [],
        "zz": [],
    }.items(),
)
def test_the_last_word_is_completed(
    engine: Engine, typed: str, words: list[str]
) -> None:
    """By words of the corpus, the most frequent first, with what is open closed."""
    found = suggestions(engine, SOURCES, typed, 10)
    assert [each.text for each in found if each.kind is Kind.WORD] == words


@pytest.mark.parametrize(
    ("typed", "named"),
    {
        "m": ["source:mofa-jp", "source:mfa"],
        "japan MO": ["japan source:mofa-jp"],
        "source:mo": ["source:mofa-jp"],
        "source:x,m": ["source:x,mofa-jp", "source:x,mfa"],
        "for": ['source:"Foreign Office"'],
        "-so": ["-source:"],
        "(sp": ["(speaker:"],
        "t": ["title:", "text:"],
        '"m': [],
        "title:m": [],
        "source:": [],
    }.items(),
)
def test_sources_and_fields_are_completed(
    engine: Engine, typed: str, named: list[str]
) -> None:
    """Where they may stand: not in quotes, and a source's name after source: only."""
    found = suggestions(engine, SOURCES, typed, 10)
    assert [each.text for each in found if each.kind is not Kind.WORD] == named


def test_there_are_no_more_than_asked_for(engine: Engine) -> None:
    """Words are half of them at least, where there are so many."""
    found = suggestions(engine, SOURCES, "m", 2)
    assert [each.kind for each in found] == [Kind.WORD, Kind.SOURCE]
    assert len(suggestions(engine, SOURCES, "p", 1)) == 1


@settings(deadline=None)
@given(st.text() | st.text('ab"“「():,-~* source', max_size=12))
def test_whatever_is_typed_is_completed_to_what_can_be_read(
    engine: Engine, typed: str
) -> None:
    """Nothing raises, and each suggestion but a field's name is a query that finds its words."""
    last = unfinished(typed)
    assert last.before + last.word == typed
    for each in suggestions(engine, SOURCES, typed, 10):
        assert each.completion in each.text
        if each.kind is not Kind.FIELD:
            parse_query(each.text)


def test_the_last_word_is_known_with_what_it_is_in() -> None:
    """Field, quotation marks and brackets; a word with a colon that is no field is a word."""
    assert unfinished('a (kind:"press con') == Unfinished(
        'a (kind:"press ', "con", "kind", True, '")'
    )
    assert unfinished("language:e") == Unfinished("language:", "e", "lang")
    assert unfinished("「中") == Unfinished("「", "中", "", True, "」")
    assert unfinished("http:a").field == ""
