"""Paragraph bounds: those of the texts, however their statements came into a segment."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.segment import open_segment
from indexer.search import SearchRequest, Sort
from tests import strategies as some
from tests.indexer.test_corpus_codec import (
    CORPORA,
    CROWDED_CORPORA,
    SHAPES,
    many,
    opened,
    session,
    some_corpora,
)
from tests.scan import Tokens

PARAGRAPHS = some.paragraphs | some.CROWDED_QUERIES


def begins(paragraphs):
    """Where the paragraphs of a text begin that have any token, from 0, and where the last ends."""
    sizes = [len(found) for each in paragraphs if (found := Tokens([each]))]
    return [0, *accumulate(sizes)]


@some_corpora
@given(CORPORA | CROWDED_CORPORA, SHAPES)
def test_bounds_are_those_of_the_texts(corpus, shape):
    """In new segments and in merged ones; without a paragraph's tokens there is no bound."""
    with opened(corpus, shape) as generation:
        folder = generation.engine._searcher().corpus.generation.folder
        for leaf, numbers in generation.parts:
            if not numbers:
                continue
            field = open_segment(leaf.segment().path(folder)).texts["text"]
            expected = []
            for doc, number in enumerate(numbers):
                text = generation.documents[number].statement.text
                begin = int(field.bounds[doc])
                expected += [begin + b for b in begins(text.split("\n\n"))[:-1]]
            assert field.paragraphs.bounds.tolist() == [*expected, field.bounds[-1]]


@many
@given(CORPORA | CROWDED_CORPORA, SHAPES, st.lists(PARAGRAPHS, min_size=1, max_size=5))
def test_a_paragraph_is_found_as_by_a_scan(corpus, shape, queries):
    """In segments of any shape: the same statements, with as many occurrences each."""
    with opened(corpus, shape) as generation:
        for query in queries:
            request = SearchRequest(
                query=query, sort=Sort.NEWEST, limit=1000, uses=True
            )
            found = generation.engine.search(request)
            expected = generation.naive.search(request)
            assert [(h.statement.id, h.occurrences, h.title) for h in found.hits] == [
                (h.statement.id, h.occurrences, h.title) for h in expected.hits
            ]
            assert found.uses == expected.uses
            assert found.facets == expected.facets


def test_a_size_takes_a_byte_where_it_can():
    """Sizes of paragraphs are as narrow as the longest needs: that is all that is stored of them."""
    for longest, width in ((255, 1), (256, 2), (65_536, 4)):
        texts = ("war\n\npeace", "peace " * longest)
        with opened([session(*texts)]) as generation:
            folder = generation.engine._searcher().corpus.generation.folder
            [(leaf, _)] = generation.parts
            sizes = open_segment(leaf.segment().path(folder)).arrays["text.paragraphs"]
            assert sizes.itemsize == width
            assert sorted(sizes.tolist()) == [1, 1, longest]
