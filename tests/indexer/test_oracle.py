"""The naive engine keeps the contract, and counts as a reader does."""

from __future__ import annotations

import pytest

from indexer.query import Near, Or, Phrase, Term
from tests.indexer.contract import EngineContract
from tests.oracle import NaiveEngine, between_words, snippets
from tests.scan import leaf_spans, levenshtein, minimal, ordered_spans, phrase_spans


class TestNaiveEngine(EngineContract):
    engines: dict = {}

    def make(self, path):
        """What is kept in memory is kept by its place."""
        return self.engines.setdefault(path, NaiveEngine())


@pytest.mark.parametrize(
    "one, other, distance",
    [
        ("", "", 0),
        ("", "abc", 3),
        ("tokyo", "tokyo", 0),
        ("tokyo", "tokio", 1),
        ("tokyo", "toky", 1),
        ("tokyo", "ttokyo", 1),
        ("tokyo", "tkoyo", 2),
        ("kitten", "sitting", 3),
    ],
)
def test_levenshtein_counts_edits(one, other, distance):
    """Insertions, deletions and changes, either way round; a swap is two."""
    assert levenshtein(one, other) == levenshtein(other, one) == distance


def test_a_phrase_stands_at_every_start():
    """Overlapping occurrences are all found, and none beyond the end."""
    assert phrase_spans(["a", "b", "a"], list("abababx")) == {(0, 3), (2, 5)}
    assert phrase_spans(["a", "b"], ["a"]) == set()


def test_only_the_shortest_spans_are_minimal():
    """What holds another span goes; what only overlaps stays."""
    assert minimal({(0, 3), (0, 2), (1, 4), (1, 3), (5, 6)}) == {(0, 2), (1, 3), (5, 6)}


def test_a_chain_goes_from_left_to_right():
    """Each part starts where the one before ends or later; the words between are counted."""
    first, second = {(0, 1), (2, 3), (9, 10)}, {(2, 4), (5, 6)}
    assert ordered_spans([first, second], 9) == {(0, 4), (2, 6)}
    assert ordered_spans([first, second], 2) == {(0, 4)}
    assert ordered_spans([first, second], 3) == {(0, 4), (2, 6)}
    assert ordered_spans([first, second, {(6, 7)}], 3) == {(2, 7)}
    assert ordered_spans([first, set()], 9) == set()


def test_near_in_any_order_by_hand():
    """In "peace x war peace" two stretches hold both words and no shorter one."""
    tokens = ["peace", "x", "war", "peace"]
    near = Near((Term("war"), Term("peace")), 2)
    assert leaf_spans(near, tokens, "english") == {(0, 3), (2, 4)}
    near = Near((Or((Term("war"), Phrase(("x", "war")))), Term("peace")), 1)
    assert leaf_spans(near, tokens, "english") == {(2, 4)}


def test_a_snippet_is_cut_between_words():
    """A place inside a word moves to its start; a mark at a window's end is whole."""
    assert [between_words("one two", place) for place in range(-1, 9)] == [
        *(0, 0, 0, 0, 3, 4, 4, 4, 7, 7)
    ]
    text = "x " * 100 + "peace" + " y" * 37 + " four documents " + "z " * 100
    marks = ((200, 205), (280, 294))
    (snippet,) = snippets(text, marks)
    assert [snippet.text[start:end] for start, end in snippet.marks] == [
        *("peace", "four documents")
    ]
    assert snippet.text.endswith(" y four documents")
