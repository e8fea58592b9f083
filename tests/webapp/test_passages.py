from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.search import Snippet
from webapp.filters import marked
from webapp.passages import BLANK_LINE, Piece, paragraphs


@st.composite
def snippets(draw: st.DrawFn) -> Snippet:
    parts = draw(st.lists(st.text("ab<&\n ", min_size=1, max_size=8), min_size=1))
    text = BLANK_LINE.join(parts)
    place = st.integers(0, len(text))
    marks = draw(st.lists(st.tuples(place, place).map(sorted).map(tuple), max_size=5))
    return Snippet(text, tuple(marks))


@given(snippets())
def test_no_character_of_a_text_is_lost_or_doubled(snippet: Snippet) -> None:
    """Paragraphs put together again are the text, wherever the marks lie."""
    texts = ["".join(p.text for p in each.pieces) for each in paragraphs(snippet)]
    assert BLANK_LINE.join(texts) == snippet.text


@given(snippets())
def test_what_is_marked_is_what_matched(snippet: Snippet) -> None:
    """Every marked character lies in a mark, and every character in a mark is marked."""
    wanted = {at for start, end in snippet.marks for at in range(start, end)}
    offset = 0
    for paragraph in paragraphs(snippet):
        for piece in paragraph.pieces:
            here = set(range(offset, offset + len(piece.text)))
            assert here <= wanted if piece.match else not here & wanted
            offset += len(piece.text)
        offset += len(BLANK_LINE)


def test_matches_are_numbered_through_the_text() -> None:
    """Numbers go on from one paragraph to the next; one that runs over is first once."""
    first, second = paragraphs(Snippet("one two\n\nthree two", ((4, 7), (9, 14))))
    assert first.pieces == (Piece("one "), Piece("two", 1, True))
    assert second.pieces == (Piece("three", 2, True), Piece(" two"))
    over = paragraphs(Snippet("one two\n\nthree", ((4, 14),)))
    assert over[0].pieces[1] == Piece("two", 1, True)
    assert over[1].pieces[0] == Piece("three", 1, False)


def test_a_snippet_is_escaped_once() -> None:
    """Marks are the only elements, and no ampersand is escaped twice."""
    html = marked(Snippet("<b>R&D</b> &amp; more", ((3, 6),)))
    assert html == "&lt;b&gt;<mark>R&amp;D</mark>&lt;/b&gt; &amp;amp; more"
