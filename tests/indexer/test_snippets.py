"""Snippets: which words are shown around matches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.snippets import WIDTH, snippets

LONG = "Both sides met in Lima. " * 20
KEY = "four political documents"


def find(text, words):
    """The marks of every occurrence of ``words``."""
    starts = [i for i in range(len(text)) if text.startswith(words, i)]
    return [(i, i + len(words)) for i in starts]


def test_a_piece_begins_and_ends_with_a_sentence_where_it_can():
    """The sentence with the match is whole, and nothing says that it was cut."""
    text = f"{LONG}They named the {KEY} again. {LONG}"
    (piece,) = snippets(text, find(text, KEY), 3)
    assert f"They named the {KEY} again." in piece.text
    assert piece.text.startswith("Both") and piece.text.endswith(".")
    assert piece.opens and piece.closes


def test_a_long_sentence_is_cut_between_words_and_says_so():
    """Dots stand where a sentence goes on outside of the piece."""
    text = f"{'wordy ' * 60}{KEY} {'wordy ' * 60}".strip()
    (piece,) = snippets(text, find(text, KEY), 3)
    assert not piece.opens and not piece.closes
    assert set(piece.text.replace(KEY, "").split()) == {"wordy"}


def test_a_piece_stays_in_its_paragraph():
    """What another paragraph says is not shown as if it stood beside the match."""
    text = f"Before.\n\nThe {KEY}.\n\nBehind."
    (piece,) = snippets(text, find(text, KEY), 3)
    assert piece.text == f"The {KEY}."


def test_the_fullest_pieces_are_chosen_and_shown_in_the_texts_order():
    """Three matches together come before one alone, at the place where they stand."""
    one, three = f"{KEY}. ", f"{KEY}, {KEY} and {KEY}. "
    text = f"{one}{LONG}{three}{LONG}{one}{LONG}{one}"
    pieces = snippets(text, find(text, KEY), 2)
    assert [len(piece.marks) for piece in pieces] == [1, 3]


def test_without_marks_it_is_the_beginning():
    """A hit that matched elsewhere shows how its text begins."""
    (piece,) = snippets(LONG, [], 3)
    assert LONG.startswith(piece.text) and len(piece.text) <= WIDTH
    assert snippets("", [], 3)[0].text == ""


@given(
    st.text(alphabet="ab. \n。中", max_size=700),
    st.lists(st.tuples(st.integers(0, 699), st.integers(1, 300)), max_size=30),
    st.integers(1, 4),
)
def test_marks_are_shown_whole_and_cover_what_they_covered(text, wishes, count):
    """Whatever the marks, each piece is a piece of the text, and pieces do not overlap."""
    marks, done = [], 0
    for start, length in sorted(wishes):
        end = start + length
        if start >= done and end <= len(text):
            marks.append((start, end))
            done = end
    pieces = snippets(text, marks, count)
    assert 1 <= len(pieces) <= count
    flat, place = text.replace("\n", " "), 0
    shown = {flat[start:end] for start, end in marks}
    for piece in pieces:
        place = flat.index(piece.text, place) + len(piece.text)
        assert bool(piece.marks) == bool(marks)
        assert {piece.text[start:end] for start, end in piece.marks} <= shown
        longest = max((end - start for start, end in piece.marks), default=0)
        assert len(piece.text) <= max(WIDTH, longest)
