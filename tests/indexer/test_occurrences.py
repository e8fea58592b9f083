"""The places of all occurrences are those that a scan of every text finds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh import WhooshEngine
from indexer.engines.whoosh.leaves import sought
from indexer.engines.whoosh.occurrences import count, occurrences
from indexer.query import parse_query
from tests.indexer.contract.fixtures import publish, said
from tests.scan import Document, holds, positive_spans
from tests.strategies import CROWDED_QUERIES, CROWDED_TEXTS


@given(CROWDED_TEXTS, CROWDED_TEXTS, st.lists(CROWDED_QUERIES, min_size=1, max_size=8))
def test_every_occurrence_is_found_where_it_is(texts, titles, queries):
    """Documents, fields and tokens are the scan's, in order, and as many as are counted."""
    titles = titles + [""] * len(texts)
    statements = [
        said(f"s{number}", text, title=titles[number])
        for number, text in enumerate(texts)
    ]
    documents = {each.id: Document(each, "") for each in statements}
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder) / "index")
        for part in (statements[::2], statements[1::2]):
            publish(engine, *part)
        for query in queries:
            assert placed(engine, query) == {
                (each.statement.id, name == "title", *span)
                for each in documents.values()
                if holds(query, each, "english")
                for name in ("title", "text")
                for span in positive_spans(query, name, each.tokens[name], "english")
            }
        engine.close()


@pytest.mark.parametrize(
    "query, places",
    [
        ('war OR "war"', {(True, 0, 1), (False, 0, 1), (False, 2, 3)}),
        ("war title:war", {(True, 0, 1), (False, 0, 1), (False, 2, 3)}),
        ('"war and" OR war ONEAR/1 and', {(False, 0, 2)}),
        (
            'war "war and war"',
            {(True, 0, 1), (False, 0, 1), (False, 2, 3), (False, 0, 3)},
        ),
        ("peace OR source:xinhua", set()),
        ("war -peace", {(True, 0, 1), (False, 0, 1), (False, 2, 3)}),
    ],
)
def test_what_several_leaves_match_is_one_occurrence(tmp_path, query, places):
    """The same stretch is counted once, however many parts of the query ask for it."""
    engine = WhooshEngine(tmp_path / "index")
    publish(engine, said("a", "War and war", title="War", source="xinhua"))
    assert placed(engine, parse_query(query)) == {("a", *place) for place in places}


def placed(engine, query):
    """Each occurrence as statement, whether in its title, and first and last token there."""
    corpus = engine._searcher().corpus
    evaluations = corpus.evaluations()
    results = [evaluation.docs(query) for evaluation in evaluations]
    wanted = list(dict.fromkeys(sought(query)))
    found = occurrences(evaluations, results, wanted)
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    order = [(segment, doc, not title, *span) for segment, doc, title, *span in rows]
    assert order == sorted(order)
    assert count(evaluations, results, wanted) == len(rows)
    places = set()
    for number, doc, in_title, start, end in rows:
        segment = corpus.segments[number]
        field = segment.texts["title" if in_title else "text"]
        begin = int(field.bounds[doc])
        assert begin <= start < end < field.bounds[doc + 1]
        name = segment.documents.id(doc)
        places.add((name, in_title, start - begin, end - begin))
    assert len(places) == len(rows)
    return places
