"""The answer to a search: what it says of the request is true of the whole request."""

from __future__ import annotations

from indexer.answer import interpretation
from indexer.dates import parse_range
from indexer.query import parse_query
from indexer.search import SearchRequest


def test_the_words_name_days_and_filters_too():
    """A count of what filters left is never said to be that of the query alone."""
    request = SearchRequest(
        query=parse_query("taiwan"),
        dates=parse_range("2025-07..2025-10"),
        filters={"source": ("xinhua", "mofa-jp")},
    )
    assert interpretation(request) == (
        "any form of “taiwan”, dated July to October 2025, only source “xinhua” or “mofa-jp”"
    )


def test_the_words_name_near_copies():
    """Where one statement's near-copies are searched, that is said."""
    assert interpretation(SearchRequest(similar="a/b")) == (
        "every statement, only “a/b” and its near-copies"
    )


def test_without_a_query_days_alone_are_named():
    """Everything of some days is these days' statements."""
    request = SearchRequest(dates=parse_range("2025"))
    assert interpretation(request) == "statements dated 2025"
    assert interpretation(SearchRequest()) == "every statement"
