"""A page is a tree and its paragraphs, however broken or deep it is, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.cleaning.page import paragraphs, parse, select, take_out, value
from indexer.cleaning.tree import parse_tree, tree_paragraphs


def texts(page):
    """The same from BeautifulSoup's tree and from lxml's."""
    found = [paragraph.text for paragraph in paragraphs(parse(page))]
    assert found == [each.text for each in tree_paragraphs(parse_tree(page))]
    return found


@pytest.mark.parametrize(
    "page, found",
    [
        ("<p>One <b>bold</b>\nword.<p>Two.", ["One bold word.", "Two."]),
        ("<div>Before<p>In</p>after</div>", ["Before", "In", "after"]),
        (
            "Two<br>lines.<br><br>Next.<br>　　Indented.",
            ["Two lines.", "Next.", "Indented."],
        ),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
        ("<p>a<!-- not this -->b</p><?nor this?>", ["ab"]),
        ("<p>外<ruby>交<rt>こう</rt></ruby><script>x</script>", ["外交こうx"]),
        ("<?xml version='1.0'?><p>a</p>", ["a"]),
        ("https://a.example/", ["https://a.example/"]),
        ("<p> &nbsp; </p>", []),
        ("", []),
        ("\0\1", []),
    ],
)
def test_blocks_and_empty_lines_part_paragraphs(page, found):
    """Inline elements, comments and single line ends do not."""
    assert texts(page) == found


@given(
    st.lists(st.sampled_from(["<div>", "<p>", "<b>", "<a href=x>", "</div>", "</p>"]))
)
def test_no_word_is_lost_whatever_the_tags(tags):
    """Each word between tags comes out once, in its place."""
    words = [f"w{i}" for i in range(len(tags))]
    page = "".join(tag + word + " " for tag, word in zip(tags, words, strict=True))
    assert " ".join(texts(page)).split() == words


@pytest.mark.parametrize("depth", [100, 300, 50_000])
def test_what_nests_too_deep_for_the_parser_is_laid_flat(depth):
    """The text stays, in its order."""
    page = "<div>a " * depth + "</div>b " * depth
    words = " ".join(texts(page)).split()
    assert words == ["a"] * depth + ["b"] * depth


def test_links_are_counted():
    """So that a list of links is told from a sentence with one."""
    page = "<p>See <a href=x>this <b>page</b></a> now."
    (paragraph,), (other,) = paragraphs(parse(page)), tree_paragraphs(parse_tree(page))
    assert (paragraph.text, paragraph.linked) == ("See this page now.", 8)
    assert other[::2] == paragraph[::2]
    assert paragraph.block.name == other.block.tag == "p"


def test_selectors_find_in_the_order_of_the_page():
    """An empty selector finds nothing."""
    tree = parse("<h1 class='a b'>One</h1><p id=x>Two</p>")
    assert [value(each) for each in select(tree, "#x", "h1.b")] == ["One", "Two"]
    assert select(tree, "") == select(tree) == []


def test_what_is_taken_out_leaves_the_text_behind_it():
    """An element goes with its own text only."""
    tree = parse("<p>One <span>two</span> three.</p>")
    assert value(take_out(select(tree, "span")[0])) == "two"
    assert value(tree) == "One three."
