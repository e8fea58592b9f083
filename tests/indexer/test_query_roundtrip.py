"""Whatever is typed, and whatever tree there is: no query fails, and none changes its meaning."""

import pytest
from hypothesis import assume, given, settings

from indexer.errors import QueryError
from indexer.query import describe, notices, parse_query
from tests.indexer.queries import TEXTS, TREES


@settings(max_examples=500)
@given(TEXTS)
def test_any_text_is_read_or_refused_with_a_sentence(text):
    """parse_query raises nothing but QueryError, with a place in the text; notices nothing."""
    try:
        query = parse_query(text)
    except QueryError as error:
        assert error.reason.endswith(".")
        error.reason.encode()
        assert 0 <= error.position <= len(text)
        assert notices(text) == ()
        return
    assert parse_query(str(query)) == query
    assert describe(query)
    for notice in notices(text):
        assert notice.encode().endswith(b".")


@given(TREES)
def test_every_tree_has_a_text_that_is_read_as_the_same_tree(tree):
    """A saved search, a feed and a link mean tomorrow what they mean today."""
    assume(len(str(tree)) <= 1000)
    assert parse_query(str(tree)) == tree


@pytest.mark.parametrize(
    "sign", ['"', "(", "-", "*", "~", "a:", "NOT ", "a OR ", "（", "ﷺ", "."]
)
def test_however_much_is_sent_the_answer_is_a_sentence(sign):
    """A million signs are refused before they are looked at, and a thousand are no trouble."""
    with pytest.raises(QueryError) as caught:
        parse_query(sign * 1_000_000)
    assert "1,000 are the most" in caught.value.reason
    assert caught.value.position == 1000
    with pytest.raises(QueryError):
        parse_query((sign * 1000)[:1000])
