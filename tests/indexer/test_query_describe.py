"""What was searched, in words."""

import pytest
from hypothesis import given

from indexer.query import (
    And,
    Dates,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Term,
    describe,
    parse_query,
)
from indexer.query.tree import spell
from tests.indexer.queries import TREES


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "every statement"),
        ("taiwan", "any form of “taiwan”"),
        ('"Taiwan"', "the exact word “taiwan”"),
        ("四个政治文件", "the exact phrase “四个政治文件”"),
        ("docum*", "words that begin with “docum”"),
        (
            "iwaya~",
            "words spelt like “iwaya” but for one letter at most after the first",
        ),
        (
            '"four political documents" taiwan date:2025-07..2025-10 -"1992 consensus"',
            "the exact phrase “four political documents” and any form of “taiwan”, "
            "dated July to October 2025, but not the exact phrase “1992 consensus”",
        ),
        (
            "a b OR c",
            "(any form of “a” and any form of “b”) or any form of “c”",
        ),
        (
            "a (b OR c) -(d e) -f",
            "any form of “a” and (any form of “b” or any form of “c”), "
            "but not (any form of “d” and any form of “e”), nor any form of “f”",
        ),
        (
            "a NEAR/5 b ",
            "any form of “a” and any form of “b” within 5 words of each other, in any order",
        ),
        (
            '"a" ONEAR/1 "b" c',
            "(the exact word “a” and the exact word “b” within 1 word of each other, "
            "in this order) and any form of “c”",
        ),
        (
            "a NEAR/p (b OR c) NEAR/p (d NEAR/2 e) f",
            "(any form of “a”, (any form of “b” or any form of “c”) and (any form of “d” and "
            "any form of “e” within 2 words of each other, in any order) in one paragraph) "
            "and any form of “f”",
        ),
        (
            'title:"joint statement" text:(a OR b)',
            "the exact phrase “joint statement” in the title and "
            "(any form of “a” or any form of “b”) in the text",
        ),
        (
            "a source:xinhua,mofa-jp speaker:iwaya",
            "any form of “a”, from the source “xinhua” or “mofa jp”, by the speaker “iwaya”",
        ),
        (
            "kind:readout -a",
            "statements of the kind “readout”, but not any form of “a”",
        ),
        ("after:2025-07-10", "statements dated on or after 10 July 2025"),
        ("a OR lang:zh", "any form of “a” or statements in the language “zh”"),
    ],
)
def test_a_query_is_said_in_words(text, words):
    """The sentence says what is looked for, what narrows it and what is excluded, and how grouped."""
    assert describe(parse_query(text)) == words


def said_of(query):
    """The pieces of a query's description that nobody may miss."""
    match query:
        case Term(word) | Prefix(word) | Fuzzy(word):
            yield f"“{word}”"
        case Phrase(words):
            yield f"“{spell(words)}”"
        case Near(parts) | Paragraph(parts) | And(parts) | Or(parts):
            for part in parts:
                yield from said_of(part)
        case Field(_, part):
            yield from said_of(part)
        case Not(part):
            yield "but not "
            yield from said_of(part)
        case Dates():
            yield "dated "


@given(TREES)
def test_no_word_of_a_query_is_passed_over(tree):
    """Every word that is searched or excluded stands in the sentence, on one line."""
    words = describe(tree)
    assert all(piece in words for piece in said_of(tree))
    assert "\n" not in words
