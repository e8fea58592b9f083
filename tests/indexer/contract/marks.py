"""What is shown: marks that cover what matched, in title, snippets and the whole text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.analysis import tokenize
from indexer.query import (
    EVERYTHING,
    And,
    Field,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
)
from indexer.search import Snippet
from tests.indexer.contract.fixtures import (
    EngineFixtures,
    ask,
    publish,
    quoted,
    said,
)

LONG = 200  # characters: a longer match need not be whole in a snippet


def marked(snippet):
    """The pieces of the text that are marked."""
    return [snippet.text[start:end] for start, end in snippet.marks]


def contains(words, part):
    """Whether ``part`` stands in ``words``, both lists of tokens."""
    return any(
        words[start : start + len(part)] == part
        for start in range(len(words) - len(part) + 1)
    )


def assert_shows(snippets, whole, most):
    """``snippets`` show what is marked in ``whole``, the text, and nothing else."""
    assert len(snippets) <= most
    words = tokenize(whole.text)
    pieces = [tokenize(piece) for piece in marked(whole)]
    long = [tokenize(piece) for piece in marked(whole) if len(piece) > LONG]
    if not whole.marks and words and most:
        (snippet,) = snippets
        assert snippet.marks == ()
        shown = tokenize(snippet.text)
        assert shown and shown == words[: len(shown)]
    for snippet in snippets:
        assert bool(snippet.marks) == bool(whole.marks)
        assert contains(words, tokenize(snippet.text))
        bounds = [place for mark in snippet.marks for place in mark]
        assert bounds == sorted(bounds)
        for piece in map(tokenize, marked(snippet)):
            assert piece
            assert piece in pieces or any(contains(each, piece) for each in long)
    if whole.marks and most:
        assert snippets
    shown_marks = sum(len(snippet.marks) for snippet in snippets)
    assert shown_marks <= len(whole.marks) or long


class Marks(EngineFixtures):
    @pytest.mark.parametrize(
        "text, query, pieces",
        [
            (
                "Four documents. The four political documents: four.",
                quoted("four political documents"),
                ["four political documents"],
            ),
            (
                "The document, DOCUMENTS and “documented”",
                Term("document"),
                ["document", "DOCUMENTS", "documented"],
            ),
            ("Japan's one-China", quoted("s one china"), ["s one-China"]),
            ("the Communiqué’s", quoted("communique"), ["Communiqué"]),
            ("\U0001f54a Straße ½ ＡＰＥＣ", Term("strasse"), ["Straße"]),
            ("\U0001f54a Straße ½ ＡＰＥＣ", Prefix("ape"), ["ＡＰＥＣ"]),
            ("\U0001f54a Straße ½ ＡＰＥＣ", quoted("2 apec"), ["½ ＡＰＥＣ"]),
            ("遵守四个政治文件。", Phrase(tuple("政治文件")), ["政治文件"]),
            ("peace and peace and peace", quoted("peace and peace"), None),
            ("peace peace", Term("peace"), ["peace", "peace"]),
            ("中中", quoted("中"), ["中", "中"]),
            (
                "peace and war",
                Or((quoted("peace and"), Term("war"))),
                ["peace and", "war"],
            ),
            ("peace and war", Or((quoted("peace and"), quoted("and war"))), None),
            ("peace and war", Or((Term("and"), quoted("peace and war"))), None),
            (
                "then peace, not war; war",
                Near((Term("war"), Term("peace")), 3),
                ["peace, not war"],
            ),
            ("peace and war", And((Term("peace"), Not(Term("trade")))), ["peace"]),
            ("peace and war", And((Term("peace"), Term("trade"))), ["peace"]),
            ("peace and war", And((Term("war"), Not(Term("peace")))), ["war"]),
            ("peace and war", Field("title", Term("peace")), []),
            ("peace and war", Field("text", Term("peace")), ["peace"]),
            ("peace and war", EVERYTHING, []),
            ("", Term("peace"), []),
        ],
    )
    def test_marks_cover_what_matched(self, engine, text, query, pieces):
        """Whole phrases and whole words are marked; overlapping marks are one, neighbours two."""
        statement = said("a", text)
        publish(engine, said("z", "peace, war"), statement)
        snippet = engine.matches(query, "a").text
        assert snippet.text == text
        assert marked(snippet) == ([text] if pieces is None else pieces)

    def test_a_whole_statement_is_marked_as_its_hit_is(self, engine):
        """Title and text are marked, and counted where matches overlap, as the search says."""
        publish(
            engine,
            said("a", "peace and peace and peace", title="No peace and peace"),
            said("b", "peace and peace", title="Peace", captions=("Peace [Photo]",)),
        )
        query = quoted("peace and peace")
        for hit in ask(engine, query).hits:
            whole = engine.matches(query, hit.statement.id)
            assert whole.title == hit.title
            assert whole.occurrences == hit.occurrences
        whole = engine.matches(query, "a")
        assert marked(whole.title) == ["peace and peace"]
        assert (len(whole.text.marks), whole.occurrences) == (1, 3)
        assert engine.matches(query, "b").title == Snippet("Peace")

    def test_an_unknown_statement_has_no_matches(self, engine):
        """Where there is no such id there is no text."""
        publish(engine, said("a", "peace"))
        assert engine.matches(Term("peace"), "unknown") is None

    def test_a_hit_is_the_statement_without_its_text(self, engine):
        """A hit tells everything of the statement but its text."""
        statement = said(
            "a",
            "peace",
            title="Peace <now>",
            source="xinhua",
            countries=("China",),
            captions=("Somebody",),
        )
        publish(engine, statement)
        (hit,) = ask(engine, Term("peace")).hits
        assert hit.statement == replace(statement, text="")
        assert hit.title == Snippet("Peace <now>", ((0, 5),))
        assert hit.snippets == (Snippet("peace", ((0, 5),)),)

    def test_a_title_is_marked_where_it_is_searched(self, engine):
        """A title that only repeats a caption is shown without marks, as are other fields' words."""
        publish(
            engine,
            said("a", "peace", title="Peace talks", captions=("Peace talks [Photo]",)),
            said("b", "peace", title="Talks of peace"),
        )
        titles = {
            hit.statement.id: hit.title for hit in ask(engine, Term("peace")).hits
        }
        assert titles == {
            "a": Snippet("Peace talks"),
            "b": Snippet("Talks of peace", ((9, 14),)),
        }
        in_text = Field("text", Term("peace"))
        assert [hit.title.marks for hit in ask(engine, in_text).hits] == [(), ()]

    def test_snippets_show_matches_from_afar(self, engine):
        """Matches that stand far apart come in snippets of their own, no more than asked for."""
        far = " word" * 300
        text = f"{far} the four political documents {far} documents {far} four political documents."
        publish(engine, said("a", text))
        query = quoted("four political documents")
        whole = engine.matches(query, "a").text
        assert len(whole.marks) == 2
        for most in range(4):
            (hit,) = ask(engine, query, snippets=most).hits
            assert len(hit.snippets) == min(most, 2)
            assert_shows(hit.snippets, whole, most)
            assert all(len(snippet.text) < 500 for snippet in hit.snippets)

    @pytest.mark.parametrize("query", [EVERYTHING, Term("headline")], ids=str)
    def test_without_a_match_in_the_text_its_beginning_is_shown(self, engine, query):
        """A hit by its title, or by nothing in particular, shows how the text begins."""
        publish(engine, said("a", "It begins so. " + "word " * 300, title="Headline"))
        (hit,) = ask(engine, query).hits
        assert_shows(hit.snippets, Snippet(engine.get("a").text), 3)
        assert len(hit.snippets[0].text) < 500
